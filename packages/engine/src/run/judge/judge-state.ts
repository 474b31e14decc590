import type { Verdict } from '../../contract/index.ts';
import type { Ms } from '../../model/ms.ts';
import type { PlanMetric } from '../../plan/plan.ts';
import type { Classification } from './classify.ts';
import type { Period } from './sample.ts';

/** All that the judge keeps of one metric; its size does not grow with the number of samples. */
export interface JudgeState {
  readonly metric: PlanMetric;
  readonly period: Period;
  /** Samples whose value could be compared. */
  readonly measured: number;
  readonly current: CurrentVerdict;
  /** A failure is final: a step does not wait for better values. */
  readonly failedAt: Ms | undefined;
  readonly isCritical: boolean;
  readonly breach: Breach | undefined;
  /** The latest breaches, as many as `violations` needs to count. */
  readonly breachesAt: readonly Ms[];
  readonly streak: Streak | undefined;
  readonly sampledAt: Ms | undefined;
  /** The latest sample without an error, whatever it found. */
  readonly answeredAt: Ms | undefined;
  /** Since when there is no gap in the watching. */
  readonly watchedFrom: Ms;
  readonly unwatched: Unwatched | undefined;
}

/** Breaches with no good value between them. */
export interface Breach {
  readonly sinceAt: Ms;
  readonly samples: number;
}

/** Time within the period in which no sample was taken. */
export interface Unwatched {
  readonly times: number;
  readonly from: Ms;
  readonly to: Ms;
}

/** Samples of the same kind in a row. */
export interface Streak {
  readonly kind: Classification['kind'];
  readonly sinceAt: Ms;
  readonly samples: number;
}

/** What the samples so far come to; `because` continues the metric's name. */
export interface CurrentVerdict {
  readonly verdict: Verdict;
  readonly because: string;
}

export const newJudgeState = (metric: PlanMetric, period: Period): JudgeState => ({
  metric,
  period,
  measured: 0,
  current: { verdict: 'inconclusive', because: 'has not been sampled yet' },
  failedAt: undefined,
  isCritical: false,
  breach: undefined,
  breachesAt: [],
  streak: undefined,
  sampledAt: undefined,
  answeredAt: undefined,
  watchedFrom: period.from,
  unwatched: undefined,
});

/** How far the samples reach without one that is still to be repeated. */
export const coveredUntil = ({ answeredAt, period }: JudgeState): Ms => answeredAt ?? period.from;
