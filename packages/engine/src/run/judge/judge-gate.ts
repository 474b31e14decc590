import type { Verdict } from '../../contract/index.ts';
import type { PlanMetric } from '../../plan/plan.ts';
import type { Judgement } from './judge-metric.ts';

export interface JudgedMetric {
  readonly metric: Pick<PlanMetric, 'name' | 'shadow'>;
  readonly judgement: Judgement;
}

/** The worst of the deciding metrics. Shadow metrics are told about and decide nothing; where nothing decides, nothing passes. */
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
  because: ['nothing decides: every metric of this gate is a shadow', ...shadowTexts(shadows)].join('; '),
  critical: false,
  conclusive: false,
  measured: 0,
  observedAt: Math.max(0, ...shadows.map(({ observedAt }) => observedAt)),
  coveredUntil: shadows.length === 0 ? 0 : Math.min(...shadows.map(({ coveredUntil }) => coveredUntil)),
});

const shadowTexts = (shadows: readonly Judgement[]): readonly string[] =>
  shadows.filter(({ verdict }) => verdict !== 'pass').map(({ verdict, because }) => `shadow, would be ${verdict}: ${because}`);
