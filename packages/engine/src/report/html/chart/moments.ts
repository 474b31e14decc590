import type { Ms } from '../../../model/ms.ts';
import type { RunView } from '../../view/run-view.ts';
import { stateWords, turnWords, verdictSymbols } from '../../text/state-words.ts';

/** A time during which a step held. */
export interface Span {
  readonly from: Ms;
  readonly to: Ms;
  readonly label: string;
  readonly title: string;
}

export interface Moment {
  readonly at: Ms;
  readonly kind: 'turn' | 'verdict-fail' | 'verdict-other';
  /** Short, beside the mark. */
  readonly label: string;
  /** The whole, in the tooltip. */
  readonly title: string;
}

/** The holds of a run, from their begin to their end or to the newest event. */
export const holdSpans = (view: RunView): readonly Span[] =>
  [...view.steps.values()].flatMap(({ step, waits, state, endedAt }) => {
    const began = waits.find(({ why }) => why === 'hold')?.since;
    if (began === undefined) return [];
    const to = endedAt ?? view.lastAt;
    return [{ from: began, to, label: step.title, title: `${step.title} (${step.key}): ${stateWords[state]}` }];
  });

/** The moments at which the run turned: rollback, freeze, and the way forward again. */
export const turnMoments = (view: RunView): readonly Moment[] =>
  view.turns
    .filter(({ to }) => to !== 'finally')
    .map(({ at, to, because }) => ({ at, kind: 'turn', label: turnWords[to], title: `${turnWords[to]}: ${because}` }));

/** The moments at which a gate changed its mind, in all steps that it watched. */
export const verdictMoments = (view: RunView, gate: string): readonly Moment[] =>
  [...view.steps.values()].flatMap(({ judged }) =>
    judged
      .filter((one) => one.gate === gate)
      .flatMap((one, n, all) => (one.verdict === all[n - 1]?.verdict ? [] : [one]))
      .map(({ at, verdict, because }) => ({
        at,
        kind: verdict === 'fail' ? ('verdict-fail' as const) : ('verdict-other' as const),
        label: verdictSymbols[verdict],
        title: `${gate} ${verdict}: ${because}`,
      })),
  );
