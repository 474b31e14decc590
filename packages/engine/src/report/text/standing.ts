import type { RunView } from '../view/run-view.ts';
import { directionOf } from '../view/run-view.ts';
import { outcomeWords } from './state-words.ts';

/** How a run stands, in a word or two: its outcome, or what it does now. */
export function standing(view: RunView): string {
  if (view.over) return outcomeWords[view.over.outcome];
  if (directionOf(view) === 'frozen') return 'frozen';
  if (view.parked) return 'parked';
  return view.stopped ? 'interrupted' : 'running';
}
