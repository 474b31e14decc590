import type { Ms } from '../../../model/ms.ts';
import type { Judgement } from '../../judge/judge-metric.ts';

/** A judgement that was recorded, and at which look. */
export interface Told extends Judgement {
  readonly lookedAt: Ms;
}

/** What cannot wait until the other metrics have answered. */
export const isUrgent = (now: Told, told: Told | undefined): boolean =>
  now.verdict === 'fail' && (told?.verdict !== 'fail' || now.critical !== told.critical);

/** Whether a judgement says more than the last one that was recorded: looks are many, facts are few. */
export function isWorthTelling(now: Told, told: Told | undefined, until: Ms | undefined, maxBlindMs: Ms): boolean {
  if (told === undefined) return true;
  const coversTheEnd = until !== undefined && told.coveredUntil < until && now.coveredUntil >= until;
  // Also when it could not ask then: what is to be done at the end waits for that answer.
  const triedTheEnd = until !== undefined && told.lookedAt < until && now.lookedAt >= until;
  return coversTheEnd || triedTheEnd || isOther(now, told) || now.lookedAt - told.lookedAt >= maxBlindMs;
}

const isOther = (now: Told, told: Told): boolean =>
  now.verdict !== told.verdict || now.critical !== told.critical || now.conclusive !== told.conclusive;
