import type { Ms } from '../../model/ms.ts';
import { classify, hasValue, type Classification } from './classify.ts';
import { coveredUntil, type Breach, type JudgeState, type Streak } from './judge-state.ts';
import { maximumPauseMs, type Sample } from './sample.ts';
import { isBreach, verdictAfter } from './verdict.ts';

/**
 * Adds one sample; samples come in the order of their time. Only a good value ends a breach: samples without one, and time without samples,
 * leave it as it is, and it lasts from its first sample to its latest. A sample of a time that is covered already, or before the
 * period, changes nothing.
 */
export function addSample(state: JudgeState, sample: Sample): JudgeState {
  const { at } = sample;
  if (at < state.period.from || at <= (state.answeredAt ?? -Infinity)) return state;
  const classification = classify(state.metric, sample);
  const next: JudgeState = {
    ...state,
    ...(classification.kind !== 'error' && coverageAfter(state, at)),
    measured: state.measured + (hasValue(classification) ? 1 : 0),
    ...breachesAfter(state, at, classification),
    streak: streakAfter(state.streak, at, classification),
    sampledAt: at,
  };
  return { ...next, ...verdictAfter(state, next, classification, at) };
}

function coverageAfter(state: JudgeState, at: Ms): Pick<JudgeState, 'answeredAt' | 'watchedFrom' | 'unwatched'> {
  const from = coveredUntil(state);
  const { watchedFrom, unwatched, period } = state;
  if (at - from <= maximumPauseMs(period.everyMs)) return { answeredAt: at, watchedFrom, unwatched };
  return { answeredAt: at, watchedFrom: at, unwatched: { times: (unwatched?.times ?? 0) + 1, from, to: at } };
}

function breachesAfter(state: JudgeState, at: Ms, classification: Classification): Pick<JudgeState, 'breach' | 'breachesAt'> {
  if (isBreach(state.metric, classification)) return { breach: longer(state.breach, at), breachesAt: withBreach(state, at) };
  return { breach: hasValue(classification) ? undefined : state.breach, breachesAt: state.breachesAt };
}

const longer = (breach: Breach | undefined, at: Ms): Breach => ({
  sinceAt: breach?.sinceAt ?? at,
  samples: (breach?.samples ?? 0) + 1,
});

/** No more than one above the limit is ever needed. */
function withBreach({ metric, breachesAt }: JudgeState, at: Ms): readonly Ms[] {
  const { violations } = metric.threshold;
  if (!violations) return [];
  return [...breachesAt, at].filter((one) => one >= at - violations.withinMs).slice(-(violations.moreThan + 1));
}

const streakAfter = (streak: Streak | undefined, at: Ms, { kind }: Classification): Streak =>
  streak?.kind === kind ? { ...streak, samples: streak.samples + 1 } : { kind, sinceAt: at, samples: 1 };
