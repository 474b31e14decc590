import type { Verdict } from '../../contract/index.ts';
import type { Ms } from '../../model/ms.ts';
import type { PlanMetric } from '../../plan/plan.ts';
import { addSample } from './accumulate.ts';
import { coveredUntil, newJudgeState, type JudgeState, type Unwatched } from './judge-state.ts';
import type { Period, Sample } from './sample.ts';
import { dateTimeText } from './texts.ts';

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
  /** Of a failure, the sample that made it one; else the latest sample. */
  readonly observedAt: Ms;
  readonly coveredUntil: Ms;
}

/** All samples at once, in the order of their time; a watch adds them one by one with `addSample`. */
export const judgeMetric = (metric: PlanMetric, samples: Iterable<Sample>, period: Period): Judgement => {
  let state = newJudgeState(metric, period);
  for (const sample of samples) state = addSample(state, sample);
  return judgementOf(state);
};

/** What the samples of a metric so far come to. */
export function judgementOf(state: JudgeState): Judgement {
  const { current, failedAt, isCritical, measured, sampledAt, period } = state;
  return {
    verdict: current.verdict,
    because: `${state.metric.name} ${current.because}${unwatchedText(state.unwatched)}`,
    critical: isCritical,
    conclusive: isConclusive(state),
    measured,
    observedAt: failedAt ?? sampledAt ?? period.from,
    coveredUntil: coveredUntil(state),
  };
}

/** A warning that is only waiting for the breach to last is open; so is what could not be answered. */
function isConclusive(state: JudgeState): boolean {
  return state.current.verdict === 'fail' || (wouldPass(state) && !isFilling(state));
}

const wouldPass = ({ current, breach }: JudgeState): boolean => (current.verdict === 'pass' || current.verdict === 'warn') && !breach;

const windowOf = ({ metric }: JudgeState): Ms => Math.max(metric.threshold.forMs ?? 0, metric.threshold.violations?.withinMs ?? 0);

const isFilling = (state: JudgeState): boolean => coveredUntil(state) - state.watchedFrom < windowOf(state);

/** A window that is filling: how long it is, and when it is full if nothing interrupts the watch. */
export interface FillingWindow {
  readonly lengthMs: Ms;
  readonly fullAt: Ms;
}

/** What a metric that is in order lacks for a conclusive verdict. */
export const fillingWindowOf = (state: JudgeState): FillingWindow | undefined =>
  wouldPass(state) && isFilling(state) ? { lengthMs: windowOf(state), fullAt: state.watchedFrom + windowOf(state) } : undefined;

function unwatchedText(unwatched: Unwatched | undefined): string {
  if (!unwatched) return '';
  const before = unwatched.times > 1 ? ` and ${unwatched.times - 1} times before` : '';
  return `; not watched from ${dateTimeText(unwatched.from)} to ${dateTimeText(unwatched.to)}${before}`;
}

export interface JudgedMetric {
  readonly metric: Pick<PlanMetric, 'name' | 'shadow'>;
  readonly judgement: Judgement;
}

/** The worst of the deciding metrics. Shadow metrics are reported and decide nothing; where nothing decides, nothing passes. */
export function judgeGate(metrics: readonly JudgedMetric[]): Judgement {
  const deciding = metrics.filter(({ metric }) => !metric.shadow).map(({ judgement }) => judgement);
  const shadows = metrics.filter(({ metric }) => metric.shadow).map(({ judgement }) => judgement);
  if (deciding.length === 0) return undecided(shadows);
  const verdict = worstOf(deciding);
  const worst = deciding.filter((one) => one.verdict === verdict);
  return {
    verdict,
    because: [...worst.map(({ because }) => because), ...shadowTexts(shadows)].join('; '),
    critical: deciding.some(({ critical }) => critical),
    conclusive: verdict === 'fail' || deciding.every(({ conclusive }) => conclusive),
    measured: Math.min(...deciding.map(({ measured }) => measured)),
    observedAt: Math.min(...worst.map(({ observedAt }) => observedAt)),
    coveredUntil: Math.min(...deciding.map(({ coveredUntil }) => coveredUntil)),
  };
}

const order: readonly Verdict[] = ['fail', 'error', 'inconclusive', 'warn', 'pass'];

const worstOf = (judgements: readonly Judgement[]): Verdict =>
  order.find((verdict) => judgements.some((one) => one.verdict === verdict)) ?? 'inconclusive';

const undecided = (shadows: readonly Judgement[]): Judgement => ({
  verdict: 'inconclusive',
  because: ['every metric of this gate is a shadow metric, so that none decides', ...shadowTexts(shadows)].join('; '),
  critical: false,
  conclusive: false,
  measured: 0,
  observedAt: Math.max(0, ...shadows.map(({ observedAt }) => observedAt)),
  coveredUntil: shadows.length === 0 ? 0 : Math.min(...shadows.map(({ coveredUntil }) => coveredUntil)),
});

const shadowTexts = (shadows: readonly Judgement[]): readonly string[] =>
  shadows.filter(({ verdict }) => verdict !== 'pass').map(({ verdict, because }) => `shadow, would be ${verdict}: ${because}`);
