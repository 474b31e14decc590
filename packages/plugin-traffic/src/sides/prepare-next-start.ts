import { isStepError } from 'relpipe/plugin';
import type { Router, WeightKeeper } from '../router-kinds/router.ts';

/**
 * After a way back that failed: a router that does not answer goes back at its next start, so that it does not give the candidate again
 * what nobody meant.
 * @param goBack says what is so at the next start, e.g. `it has stable 100%, candidate 0%`
 * @returns for a hint, what it starts with, or why that could not be changed; nothing where it answers, or has nothing of its own
 */
export async function prepareNextStart(router: Router, candidate: string, goBack: (start: WeightKeeper) => Promise<string>): Promise<string | undefined> {
  const start = router.nextStart?.();
  if (start === undefined || (await answers(router))) return undefined;
  try {
    return `At its next start ${await goBack(start)}, by ${start.name}; what it serves until then is not known.`;
  } catch (error) {
    // Why the way back failed matters more.
    return `Its next start may give ${candidate} traffic again: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function answers(router: Router): Promise<boolean> {
  try {
    await router.read();
    return true;
  } catch (error) {
    if (!isStepError(error)) throw error;
    return false;
  }
}
