import type { RunView } from '../view/run-view.ts';
import { oneLine } from './plain-text.ts';

/** What a run started and could not stop, with the way out. */
export function notReleasedLines(view: RunView): readonly string[] {
  const failed = [...view.steps.values()].filter(({ step, failure }) => step.tearsDown !== undefined && failure !== undefined);
  const line = ({ step, failure }: (typeof failed)[number]): string =>
    `  ${step.tearsDown ?? ''}: ${oneLine(`its release failed (${failure?.message ?? ''}); ${failure?.hint ?? 'stop what it started by hand'}`)}`;
  return view.over === undefined || failed.length === 0 ? [] : ['not released:', ...failed.map(line)];
}
