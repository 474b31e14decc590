import { StepError, type RunContext } from 'relpipe/plugin';
import { printPercent } from '../percent.ts';
import { driftFrom } from '../sides/drift-from.ts';
import type { Router, RouterReading } from '../router-kinds/router.ts';
import { isShareAsAsked, requestsToTell, type ServedShare } from './served-share.ts';

export interface ShareQuestion {
  readonly router: Router;
  readonly candidate: string;
  /** What the router said after the weights were set. */
  readonly set: RouterReading;
  /** The candidate's percent that was asked for, and what it was before. */
  readonly asked: number;
  readonly former: number;
}

/**
 * Counts what the sides really get until there is enough to tell. Traffic that does not fit is forgotten and counting begins
 * again, because a router may need a moment to obey.
 * @returns undefined when 30 s had too little traffic to tell, or the router cannot count
 * @throws {StepError} `TRAFFIC_SHARE_OFF`, `TRAFFIC_DRIFT`
 */
export async function measureShare(
  question: ShareQuestion,
  { clock, progress }: Pick<RunContext<unknown>, 'clock' | 'progress'>,
): Promise<ServedShare | undefined> {
  const needed = requestsToTell(question.asked, question.former);
  const until = clock.now() + patienceMs;
  const first = await countRequests(question);
  if (first === undefined) return undefined;
  let from = first;
  let misfit: ServedShare | undefined;
  for (;;) {
    const total = (await countRequests(question)) ?? first;
    if (total.of < from.of) from = none;
    const seen = { requests: total.requests - from.requests, of: total.of - from.of };
    progress({ done: Math.min(seen.of, needed), of: needed, unit: 'requests' });
    if (seen.of >= needed && isShareAsAsked(seen, question.asked)) return seen;
    if (seen.of >= needed) [from, misfit] = [total, seen];
    if (clock.now() >= until) break;
    await clock.sleep(lookEveryMs);
  }
  if (misfit !== undefined) throw shareOff(question, misfit);
  return undefined;
}

const patienceMs = 30_000;
const lookEveryMs = 250;
/** Where counters begin that a restart of the router has set back. */
const none: ServedShare = { requests: 0, of: 0 };

async function countRequests({ router, candidate, set }: ShareQuestion): Promise<ServedShare | undefined> {
  const traffic = await router.measure?.();
  if (traffic === undefined) return undefined;
  const { revision, requests } = traffic;
  if (revision !== set.revision) throw driftFrom(router, set.weights);
  const of = Object.values(requests).reduce((sum, count) => sum + count, 0);
  return { requests: requests[candidate] ?? 0, of };
}

function shareOff({ router, candidate, asked }: ShareQuestion, { requests, of }: ServedShare): StepError {
  const served = printPercent((100 * requests) / of);
  return new StepError(
    'TRAFFIC_SHARE_OFF',
    `${router.name} is set to give ${candidate} ${printPercent(asked)}, but gave it ${requests} of ${of} requests (${served}).`,
    { hint: 'Check whether both sides are healthy, and whether requests reach the candidate past the router.' },
  );
}
