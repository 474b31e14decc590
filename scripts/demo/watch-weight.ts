import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoRouter } from './router.ts';

/** Tells a share in percent; the next look waits for it. */
export type TellWeight = (weight: number) => Promise<void> | void;

/** Looks at the router until it is told to stop, and tells every new share of the side. */
export async function watchWeight(router: DemoRouter, url: string, signal: AbortSignal, tell: TellWeight): Promise<void> {
  let last: number | undefined;
  while (!signal.aborted) {
    const weight = (await router.weights()).get(url);
    if (weight !== undefined && weight !== last) await tell(weight);
    last = weight;
    await sleep(lookEveryMs);
  }
}

const lookEveryMs = 100;
