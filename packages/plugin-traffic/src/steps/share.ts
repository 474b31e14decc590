import { StepError, type RunContext } from 'relpipe/plugin';
import type { Router, RouterReading } from '../routers/router.ts';
import { driftError, printPercent } from '../weights/weights.ts';

interface ShareQuestion {
  readonly router: Router;
  readonly candidate: string;
  /** What the router reported after the weights were set. */
  readonly written: RouterReading;
  /** The candidate's share in percent: as asked for, and before. */
  readonly asked: number;
  readonly previous: number;
}

/**
 * Counts the requests that the sides really get until they are enough to tell the shares apart. Requests that do not fit are dropped and
 * counting starts again, because a router may need a moment to apply its weights.
 * @returns undefined when there was too little traffic within 30 s, or the router cannot count
 * @throws {StepError} `TRAFFIC_SHARE_MISMATCH`, `TRAFFIC_DRIFT`
 */
export async function measureShare(
  question: ShareQuestion,
  { clock, progress }: Pick<RunContext<unknown>, 'clock' | 'progress'>,
): Promise<ServedShare | undefined> {
  const needed = requestsToTell(question.asked, question.previous);
  const until = clock.now() + measuresWithinMs;
  const first = await countRequests(question);
  if (first === undefined) return undefined;
  let from = first;
  let mismatch: ServedShare | undefined;
  for (;;) {
    const total = (await countRequests(question)) ?? first;
    if (total.of < from.of) from = none;
    const seen = { requests: total.requests - from.requests, of: total.of - from.of };
    progress({ done: Math.min(seen.of, needed), of: needed, unit: 'requests' });
    if (seen.of >= needed && isShareAsAsked(seen, question.asked)) return seen;
    if (seen.of >= needed) [from, mismatch] = [total, seen];
    if (clock.now() >= until) break;
    await clock.sleep(pollMs);
  }
  if (mismatch !== undefined) throw shareMismatch(question, mismatch);
  return undefined;
}

const measuresWithinMs = 30_000;
const pollMs = 250;
/** Where counting starts after a restart of the router has reset its counters. */
const none: ServedShare = { requests: 0, of: 0 };

async function countRequests({ router, candidate, written }: ShareQuestion): Promise<ServedShare | undefined> {
  const traffic = await router.measure?.();
  if (traffic === undefined) return undefined;
  const { revision, requests } = traffic;
  if (revision !== written.revision) throw driftError(router, written.weights);
  const of = Object.values(requests).reduce((sum, count) => sum + count, 0);
  return { requests: requests[candidate] ?? 0, of };
}

function shareMismatch({ router, candidate, asked }: ShareQuestion, { requests, of }: ServedShare): StepError {
  const served = printPercent((100 * requests) / of);
  return new StepError(
    'TRAFFIC_SHARE_MISMATCH',
    `${router.name} should send ${printPercent(asked)} of the requests to ${candidate}, but sent ${requests} of ${of} (${served}).`,
    { hint: 'Check that both sides are healthy, and that no requests reach them without the router.' },
  );
}

/** Requests that one side got, of all requests. */
export interface ServedShare {
  readonly requests: number;
  readonly of: number;
}

/**
 * Whether the share that was served may come from the share that was asked for, with 99.9 % confidence: the asked share p
 * lies in the score interval around k/n, that is |k - np| <= z * sqrt(np(1-p)). With p at 0 or 1 not a single request may differ.
 * Source: E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22 (1927), 209-212.
 * @param asked percent
 */
export function isShareAsAsked({ requests, of }: ServedShare, asked: number): boolean {
  const p = asked / 100;
  return Math.abs(requests - of * p) <= confidenceZ * Math.sqrt(of * p * (1 - p)) + rounding;
}

/**
 * Requests after which the test above detects with 99 % probability that a router still serves the previous share q instead
 * of the asked p: n = ((z_a * sqrt(p(1-p)) + z_b * sqrt(q(1-q))) / (p-q))^2, and never fewer than 30.
 * Source: Fleiss, Levin, Paik, "Statistical Methods for Rates and Proportions", 3rd edition (2003), section 2.5.
 * @param asked percent
 * @param previous percent; where it is the asked share, the share is distinguished from none at all
 */
export function requestsToTell(asked: number, previous: number): number {
  const p = asked / 100;
  const q = previous === asked ? 0 : previous / 100;
  if (p === q) return minimumRequests;
  const spread = confidenceZ * Math.sqrt(p * (1 - p)) + powerZ * Math.sqrt(q * (1 - q));
  return Math.max(minimumRequests, Math.ceil((spread / (p - q)) ** 2));
}

/** Two-sided 99.9 % and one-sided 99 % points of the normal distribution. */
const confidenceZ = 3.2905;
const powerZ = 2.3263;
const minimumRequests = 30;
/** Products of decimals differ from a whole number by less than this. */
const rounding = 1e-6;
