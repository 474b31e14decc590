import type { Verdict } from '../../contract/index.ts';
import type { PlanMetric } from '../../plan/plan.ts';
import type { Ms } from '../../model/ms.ts';
import { addLook } from './add-look.ts';
import { coveredUntil, newJudgeState, type JudgeState, type Unwatched } from './judge-state.ts';
import type { MetricLook, Period } from './metric-look.ts';
import { dateTimeText } from './moment-text.ts';

/** The judge's answer, of one metric or of a gate. */
export interface Judgement {
  readonly verdict: Verdict;
  /** A sentence with the numbers, the limit and the metric's name. */
  readonly because: string;
  /** A `critical` limit was crossed. */
  readonly critical: boolean;
  /** Every window is full: the answer would not change by waiting alone. */
  readonly conclusive: boolean;
  /** Values that could be compared. */
  readonly measured: number;
  /** Of a failure, the look that made it one; else the latest look. */
  readonly observedAt: Ms;
  readonly coveredUntil: Ms;
}

/** All looks at once, in the order of their time; a watch adds them one by one with `addLook`. */
export const judgeMetric = (metric: PlanMetric, looks: Iterable<MetricLook>, period: Period): Judgement => {
  let state = newJudgeState(metric, period);
  for (const look of looks) state = addLook(state, look);
  return judgementOf(state);
};

/** What a metric's looks so far come to. */
export function judgementOf(state: JudgeState): Judgement {
  const { standing, failedAt, isCritical, measured, lookedAt, period } = state;
  return {
    verdict: standing.verdict,
    because: `${state.metric.name} ${standing.because}${unwatchedText(state.unwatched)}`,
    critical: isCritical,
    conclusive: isConclusive(state),
    measured,
    observedAt: failedAt ?? lookedAt ?? period.from,
    coveredUntil: coveredUntil(state),
  };
}

/** A warning that is only waiting for the breach to last is open; so is what could not be answered. */
function isConclusive(state: JudgeState): boolean {
  const { verdict } = state.standing;
  if (verdict === 'fail') return true;
  if ((verdict !== 'pass' && verdict !== 'warn') || state.breach) return false;
  const { forMs = 0, violations } = state.metric.threshold;
  return coveredUntil(state) - state.watchedFrom >= Math.max(forMs, violations?.withinMs ?? 0);
}

function unwatchedText(unwatched: Unwatched | undefined): string {
  if (!unwatched) return '';
  const before = unwatched.times > 1 ? ` and ${unwatched.times - 1} times before` : '';
  return `; not watched from ${dateTimeText(unwatched.from)} to ${dateTimeText(unwatched.to)}${before}`;
}
