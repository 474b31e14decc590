import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FoundRouter } from './find-router.ts';

/**
 * Resolves when the router that answers is this process.
 * @throws Error when it ends instead, or is not ready within half a minute
 */
export async function untilReady(child: ChildProcess, find: () => Promise<FoundRouter | undefined>, signal?: AbortSignal): Promise<FoundRouter> {
  const lost = untilLost(child);
  const deadline = performance.now() + readyWithinMs;
  while (performance.now() < deadline) {
    const found = await Promise.race([find(), lost]);
    if (found !== undefined && found.status.pid === child.pid) return found;
    await Promise.race([sleep(pollMs, undefined, signal && { signal }), lost]);
  }
  throw new Error(`The router was not ready within ${readyWithinMs / 1000} s.`);
}

function untilLost(child: ChildProcess): Promise<never> {
  const lost = new Promise<never>((_resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, by) => reject(new Error(`The router ended with ${by ?? `exit code ${code}`}.`)));
  });
  // Also when the router has answered first, nobody is left to hear of it.
  lost.catch(() => undefined);
  return lost;
}

const readyWithinMs = 30_000;
const pollMs = 20;
