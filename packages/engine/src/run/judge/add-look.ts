import type { PlanMetric } from '../../plan/plan.ts';
import type { Ms } from '../../model/ms.ts';
import { classifyLook, hasValue, type LookFinding } from './classify-look.ts';
import { coveredUntil, type Breach, type JudgeState, type Streak } from './judge-state.ts';
import { longestPauseMs } from './longest-look.ts';
import type { MetricLook } from './metric-look.ts';
import { standingAfter } from './standing-after.ts';

/**
 * Adds one look; looks come in the order of their time. Only a good value heals a breach: looks that found none, and time without looks,
 * leave it as it is, and it lasts from its first look to its latest. A look at a time that is answered already, or before the
 * period, changes nothing.
 */
export function addLook(state: JudgeState, look: MetricLook): JudgeState {
  const { at } = look;
  if (at < state.period.from || at <= (state.answeredAt ?? -Infinity)) return state;
  const finding = classifyLook(state.metric, look);
  const next: JudgeState = {
    ...state,
    ...(finding.kind !== 'error' && coverageAfter(state, at)),
    measured: state.measured + (hasValue(finding) ? 1 : 0),
    ...breachesAfter(state, at, finding),
    streak: streakAfter(state.streak, at, finding),
    lookedAt: at,
  };
  return { ...next, ...standingAfter(state, next, finding, at) };
}

function coverageAfter(state: JudgeState, at: Ms): Pick<JudgeState, 'answeredAt' | 'watchedFrom' | 'unwatched'> {
  const from = coveredUntil(state);
  const { watchedFrom, unwatched, period } = state;
  if (at - from <= longestPauseMs(period.everyMs)) return { answeredAt: at, watchedFrom, unwatched };
  return { answeredAt: at, watchedFrom: at, unwatched: { times: (unwatched?.times ?? 0) + 1, from, to: at } };
}

function breachesAfter(state: JudgeState, at: Ms, finding: LookFinding): Pick<JudgeState, 'breach' | 'breachesAt'> {
  if (isBreach(state.metric, finding)) return { breach: longer(state.breach, at), breachesAt: withBreach(state, at) };
  return { breach: hasValue(finding) ? undefined : state.breach, breachesAt: state.breachesAt };
}

/** `no-data: fail` says that an empty look is a breach. */
const isBreach = (metric: PlanMetric, { kind }: LookFinding): boolean =>
  kind === 'breach' || kind === 'critical' || (kind === 'no-data' && metric.noData === 'fail');

const longer = (breach: Breach | undefined, at: Ms): Breach => ({
  sinceAt: breach?.sinceAt ?? at,
  looks: (breach?.looks ?? 0) + 1,
});

/** One more than is allowed is all that is ever asked for. */
function withBreach({ metric, breachesAt }: JudgeState, at: Ms): readonly Ms[] {
  const { violations } = metric.threshold;
  if (!violations) return [];
  return [...breachesAt, at].filter((one) => one >= at - violations.withinMs).slice(-(violations.moreThan + 1));
}

const streakAfter = (streak: Streak | undefined, at: Ms, { kind }: LookFinding): Streak =>
  streak?.kind === kind ? { ...streak, looks: streak.looks + 1 } : { kind, sinceAt: at, looks: 1 };
