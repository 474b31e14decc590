import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { StepError, type ReadContext, type Secret } from 'relpipe/plugin';

/** `context.exec` as the engine has it: real commands, in this process's environment. */
export const execReally =
  (cwd = process.cwd(), signal?: AbortSignal): ReadContext['exec'] =>
  async ([file = '', ...args], { env = {}, stdin, cwd: own = cwd } = {}) => {
    const revealed = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value === undefined ? undefined : revealOf(value)]));
    const child = spawn(file, args, { cwd: own, env: { ...process.env, ...revealed }, signal });
    child.stdin.on('error', () => undefined).end(stdin === undefined ? '' : revealOf(stdin));
    const ended = new Promise<number>((resolve, reject) => child.on('error', (error) => reject(notFound(error, file))).on('close', (code) => resolve(code ?? 129)));
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { code, stdout: stdout.replace(/\n$/, ''), stderr: stderr.replace(/\n$/, '') };
  };

const notFound = (error: Error, file: string): Error =>
  'code' in error && error.code === 'ENOENT' ? new StepError('REL_COMMAND_NOT_FOUND', `There is no ${file}.`) : error;

const revealOf = (value: string | Secret): string => (typeof value === 'string' ? value : value.reveal());
