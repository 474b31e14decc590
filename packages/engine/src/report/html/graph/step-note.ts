import type { StepView } from '../../view/run-view.ts';
import { durationText } from '../../text/duration-text.ts';
import { shownState, stateWords } from '../../text/state-words.ts';

/** The second line in a step's box: its state, and how long it took. */
export function stepNote(view: StepView): string {
  const { startedAt, endedAt, overridden } = view;
  const state = shownState(view);
  const word = overridden === true ? 'overridden' : state === 'unknown' ? 'unknown' : stateWords[state];
  const took = startedAt !== undefined && endedAt !== undefined && endedAt > startedAt;
  return took ? `${word}, ${durationText(endedAt - startedAt)}` : word;
}
