import type { Verdict } from '../../contract/index.ts';
import type { PlanMetric } from '../../plan/plan.ts';
import type { Ms } from '../../model/ms.ts';
import type { LookFinding } from './classify-look.ts';
import type { Period } from './metric-look.ts';

/** Breaches with no good look between them. */
export interface Breach {
  readonly sinceAt: Ms;
  readonly looks: number;
}

/** Time within the period in which nobody looked. */
export interface Unwatched {
  readonly times: number;
  readonly from: Ms;
  readonly to: Ms;
}

/** Looks of the same kind in a row. */
export interface Streak {
  readonly kind: LookFinding['kind'];
  readonly sinceAt: Ms;
  readonly looks: number;
}

/** All that the judge keeps of one metric; its size does not grow with the number of looks. */
export interface JudgeState {
  readonly metric: PlanMetric;
  readonly period: Period;
  /** Looks whose value could be compared. */
  readonly measured: number;
  readonly standing: Standing;
  /** Once failed, failed for good: a step does not wait until it looks better. */
  readonly failedAt: Ms | undefined;
  readonly isCritical: boolean;
  readonly breach: Breach | undefined;
  /** The latest breaches, as many as `violations` needs to count. */
  readonly breachesAt: readonly Ms[];
  readonly streak: Streak | undefined;
  readonly lookedAt: Ms | undefined;
  /** The latest look that could ask, whatever it found. */
  readonly answeredAt: Ms | undefined;
  /** Since when there is no gap in the watching. */
  readonly watchedFrom: Ms;
  readonly unwatched: Unwatched | undefined;
}

/** What the looks so far say; `because` goes on after the metric's name. */
export interface Standing {
  readonly verdict: Verdict;
  readonly because: string;
}

export const newJudgeState = (metric: PlanMetric, period: Period): JudgeState => ({
  metric,
  period,
  measured: 0,
  standing: { verdict: 'inconclusive', because: 'has not been looked at yet' },
  failedAt: undefined,
  isCritical: false,
  breach: undefined,
  breachesAt: [],
  streak: undefined,
  lookedAt: undefined,
  answeredAt: undefined,
  watchedFrom: period.from,
  unwatched: undefined,
});

/** How far the looks reach without a question that is still open. */
export const coveredUntil = ({ answeredAt, period }: JudgeState): Ms => answeredAt ?? period.from;
