import { execFile } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { programOf } from '@relpipe/testing/real-servers';
import { virtualContext } from '@relpipe/testing/step-context';
import { StepError, type ExecOptions, type ExecResult } from '../../../engine/src/contract/index.ts';

type Given<State, Output> = Parameters<typeof virtualContext<State, Output>>[0];

/** The context of a step whose commands are really run: twine, uv and Python as `scripts/servers install` installs them. */
export const realContext = <State = unknown, Output = unknown>(workdir: string, given: Given<State, Output> = {}) =>
  virtualContext<State, Output>({ workdir, exec: (argv, options) => execute(argv, { cwd: workdir, ...options }), ...given });

export const pathWithTools = (): string => `${dirname(programOf('twine'))}${delimiter}${process.env['PATH'] ?? ''}`;

function execute([program = '', ...args]: readonly string[], { env = {}, cwd }: ExecOptions): Promise<ExecResult> {
  const revealed = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, typeof value === 'object' ? value.reveal() : value]));
  return new Promise((resolve, reject) => {
    const options = { ...(cwd !== undefined && { cwd }), env: { ...process.env, PATH: pathWithTools(), ...revealed } };
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(new StepError('REL_COMMAND_NOT_FOUND', error.message));
      else resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}
