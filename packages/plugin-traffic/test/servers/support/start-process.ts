import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { waitUntil } from '@relpipe/testing/wait-until';
import { onTestFinished } from 'vitest';

export interface StartedProcess extends AsyncDisposable {
  readonly pid: number;
}

/** A program in the foreground, until the end of the scope; resolves when it answers. */
export async function startProcess(program: string, args: readonly string[], answers: () => Promise<boolean>): Promise<StartedProcess> {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const errors = text(child.stderr);
  const ended = once(child, 'exit');
  // Also when a test times out and never gets to the end of its scope.
  onTestFinished(() => void child.kill());
  await Promise.race([waitUntil(answers), ended.then(async () => Promise.reject(new Error(`${program} ended: ${await errors}`)))]);
  return {
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
