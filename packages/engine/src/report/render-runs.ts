import type { Ms } from '../model/ms.ts';
import { groupWaitsOf, openWaitOf, type RunView } from './view/run-view.ts';
import { clockIn, durationText } from './text/times.ts';
import { causeOf } from './text/cause.ts';
import { oneLine } from './text/plain-text.ts';
import { statusOf } from './text/state-words.ts';

interface RunsOptions {
  /** For how long the runs that are not over have taken. */
  readonly now: Ms;
  /** Default: the machine's own. */
  readonly timeZone?: string;
}

/** A table of runs in the given order: run, pipeline, state, start, how long it took, what it is waiting for. */
export function renderRuns(runs: readonly RunView[], { now, timeZone }: RunsOptions): string {
  if (runs.length === 0) return 'No runs yet. Start one with: relpipe run';
  const clock = clockIn(timeZone);
  const rows = runs.map((view) => [
    view.run,
    oneLine(view.plan.name),
    statusOf(view),
    clock.dateTime(view.startedAt),
    durationText(view.over?.durationMs ?? now - view.startedAt),
    view.over ? (causeOf(view) ?? '') : waitsFor(view),
  ]);
  return alignedTable([['RUN', 'PIPELINE', 'STATE', 'STARTED', 'TOOK', 'REASON / WAITING FOR'], ...rows]);
}

const waitsFor = (view: RunView): string =>
  [
    ...groupWaitsOf(view).map(({ group, holder }) => `group ${group}${holder === undefined ? '' : ` (run ${holder.run})`}`),
    ...[...view.steps.values()].flatMap((step) => {
      const wait = openWaitOf(step);
      return wait ? [`${wait.why} ${step.step.key}`] : [];
    }),
  ].join(', ');

function alignedTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()).join('\n');
}
