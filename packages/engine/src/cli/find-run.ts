import { relpipeError } from '../errors/relpipe-error.ts';
import type { Journal } from '../run/local/journal/journal.ts';
import type { RunRow } from '../run/local/journal/run-row.ts';

/** The run that was named, by its id or the end of it; else the newest. Throws `REL_RUN_UNKNOWN`, `REL_NO_RUNS`. */
export function findRun(journal: Journal, name: string | undefined): RunRow {
  const runs = journal.runs();
  const newest = runs.at(-1);
  if (newest === undefined) throw relpipeError('REL_NO_RUNS', { journal: journal.file });
  if (name === undefined) return newest;
  const found = runs.filter(({ id }) => id === name || id.endsWith(`-${name}`));
  if (found.length > 1) throw relpipeError('REL_RUN_AMBIGUOUS', { runs: found.map(({ id }) => id) });
  if (found[0] === undefined) throw relpipeError('REL_RUN_UNKNOWN', { run: name, file: journal.file });
  return found[0];
}

/** For what changes a run: without a name, the only run that is not over. */
export function findOpenRun(journal: Journal, name: string | undefined): RunRow {
  if (name !== undefined) return insistOnOpen(findRun(journal, name));
  const open = journal.runs().filter(({ state, facts }) => state !== 'over' && facts > 0);
  if (open.length > 1) throw relpipeError('REL_RUN_AMBIGUOUS', { runs: open.map(({ id }) => id) });
  return open[0] ?? insistOnOpen(findRun(journal, undefined));
}

function insistOnOpen(run: RunRow): RunRow {
  if (run.state === 'over') throw relpipeError('REL_RUN_FINISHED', { run: run.id, outcome: run.outcome ?? 'over' });
  return run;
}
