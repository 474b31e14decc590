import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecOptions, ExecResult, ReadContext } from 'relpipe/plugin';

/** As in the engine: the real clock, the real network, real commands. */
export function realContext(workdir: string): ReadContext {
  const { signal } = new AbortController();
  return {
    signal,
    workdir,
    fetch,
    log: () => undefined,
    mask: (text) => text,
    clock: { now: Date.now, sleep: (ms) => sleep(ms) },
    exec: (argv, options) => exec(argv, { cwd: workdir, ...options }),
  };
}

function exec([program = '', ...args]: readonly string[], { cwd, stdin }: ExecOptions): Promise<ExecResult> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { ...(cwd !== undefined && { cwd }) }, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number') reject(new Error(`${program} did not run.`, { cause: error }));
      else resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
    // A command need not read its input.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(typeof stdin === 'string' ? stdin : '');
  });
}
