import { givenServer } from '@relpipe/testing/real-servers';
import { secretOf, virtualContext } from '@relpipe/testing/step-context';
import { onTestFinished } from 'vitest';
import { remove } from '../../src/withdraw/remove.ts';

/** The servers are shared: these versions are removed when the test has finished, whatever its result. */
export function removedAfterwards(server: string, project: string, ...versions: readonly string[]): void {
  const { simple: index = '', user: username = '', password = '' } = givenServer(server).settings;
  onTestFinished(async () => {
    for (const version of versions) await remove.run({ project, version, index, username, token: secretOf(password) }, virtualContext<never, never>());
  });
}
