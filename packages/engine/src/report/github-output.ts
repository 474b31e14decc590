import { appendFile } from 'node:fs/promises';
import type { Reporter } from './events/run-event.ts';
import { foldEvent } from './view/fold-event.ts';
import type { RunView } from './view/run-view.ts';
import { statusOf } from './text/state-words.ts';

/**
 * Appends `run`, `state` (`over`, `parked`, `paused`, `interrupted`) and, of a run that is over, `outcome` to `file` (`GITHUB_OUTPUT`) when
 * the reports close: the next job has to know what an exit code alone cannot say.
 */
export function githubOutputReporter(file: string): Reporter {
  let view: RunView | undefined;
  return {
    onEvent: (event) => void (view = foldEvent(view, event)),
    onHistory: (event) => void (view = foldEvent(view, event)),
    async close() {
      if (view) await appendFile(file, outputsOf(view));
    },
  };
}

function outputsOf(view: RunView): string {
  const state = view.over === undefined ? statusOf(view) : 'over';
  return [`run=${view.run}`, `state=${state}`, `outcome=${view.over?.outcome ?? ''}`].map((line) => `${line}\n`).join('');
}
