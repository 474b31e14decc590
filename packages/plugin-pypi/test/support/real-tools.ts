import { delimiter, dirname } from 'node:path';
import { givenServer, programOf } from '@relpipe/testing/real-servers';
import { execReally, secretOf, virtualContext } from '@relpipe/testing/step-context';
import { onTestFinished } from 'vitest';
import { remove } from '../../src/withdraw/remove.ts';

type Given<State, Output> = Parameters<typeof virtualContext<State, Output>>[0];

/** The context of a step that runs real commands: twine, uv and Python as `scripts/servers install` installs them. */
export const realContext = <State = unknown, Output = unknown>(workdir: string, given: Given<State, Output> = {}) =>
  virtualContext<State, Output>({ workdir, exec: execReally(workdir, { variables: { PATH: pathWithTools() } }), ...given });

export const pathWithTools = (): string => `${dirname(programOf('twine'))}${delimiter}${process.env['PATH'] ?? ''}`;

/** Removes versions from a shared server when the test has finished, whatever its result. */
export function removedAfterwards(server: string, project: string, ...versions: readonly string[]): void {
  const { simple: index = '', user: username = '', password = '' } = givenServer(server).settings;
  onTestFinished(async () => {
    for (const version of versions) await remove.run({ project, version, index, username, token: secretOf(password) }, virtualContext<never, never>());
  });
}
