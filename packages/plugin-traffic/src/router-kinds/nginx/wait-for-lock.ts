import { StepError, type ReadContext } from 'relpipe/plugin';
import type { UpstreamFile } from './upstream-file.ts';

/** Keeps other releases away from the file until `release`. @throws {StepError} `TRAFFIC_NGINX_LOCKED`, `TRAFFIC_NGINX_NOT_WRITTEN` */
export async function waitForLock(file: UpstreamFile, clock: ReadContext['clock']): Promise<{ release(): void }> {
  const until = clock.now() + withinMs;
  for (;;) {
    const lock = file.holdLock();
    if (lock !== undefined) return lock;
    if (clock.now() >= until) throw locked(file.path);
    await clock.sleep(lookEveryMs);
  }
}

const withinMs = 30_000;
const lookEveryMs = 50;

const locked = (path: string) =>
  new StepError('TRAFFIC_NGINX_LOCKED', `Another release is just changing ${path}.`, { hint: 'Wait until it is done.', retryable: true });
