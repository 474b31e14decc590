import type { OnConflict } from '../../model/concurrency.ts';
import type { LockRefused } from '../core/fact.ts';
import type { GroupReturn } from '../core/change.ts';

/** What one run has to do with one group of runs, as a store keeps it. */
export interface GroupRow {
  readonly group: string;
  readonly run: string;
  /** `granted`: it was handed to the run, which does not know it yet. It is held from that moment. */
  readonly at: 'waiting' | 'granted' | 'held' | 'returned';
  /** Its place among those that wait: by rank, then in order of arrival. */
  readonly rank: number;
  readonly arrived: number;
  /** In which order the runs of the group have held it first; 0: not yet. A later run works on what an earlier one has left. */
  readonly taken: number;
  /** What it has left when it returned the group. */
  readonly effect: GroupReturn['effect'];
}

/** A run asks for a group. */
export interface GroupAsk {
  readonly run: string;
  /** Of the lease of its driver. */
  readonly fence: number;
  readonly group: string;
  readonly onConflict: OnConflict;
  /** It rolls back what it has done. */
  readonly forRollback?: true;
}

export type GroupAnswer =
  | { readonly is: 'held' }
  /** It waits for the run that holds the group. */
  | { readonly is: 'waiting'; readonly holder: string }
  | { readonly is: 'refused'; readonly holder: string; readonly because: LockRefused['because'] };

/** An answer, and the rows that it changes. */
interface Answered {
  readonly answer: GroupAnswer;
  readonly changed: readonly GroupRow[];
}

/** A rollback goes before runs that have changed nothing yet, and a run that has others rolled back before those that it replaces. */
const ranks = { rollback: 0, supersede: 1, wait: 2 } as const;

/*
 * The rules of groups, the same for every store: pure, over all rows. A store applies them in one transaction. A group belongs to a run and
 * not to a process, so that only that run returns it. It is handed to the first of those that wait at that moment.
 */

export function takeGroup(rows: readonly GroupRow[], ask: GroupAsk): Answered {
  const { group, run } = ask;
  const own = rows.find((row) => row.group === group && row.run === run) ?? newRow(rows, ask);
  if (own.at === 'held') return { answer: { is: 'held' }, changed: [] };
  const later = ask.forRollback && laterRuns(rows, own).find(({ at, effect }) => at === 'returned' && effect === 'in-effect');
  if (later) return { ...refused(later.run, 'later'), changed: returnGroup(rows, own) };
  if (own.at === 'granted') return { answer: { is: 'held' }, changed: [{ ...own, at: 'held' }] };
  const holder = rows.find((row) => row.group === group && isHeld(row));
  if (holder === undefined) return { answer: { is: 'held' }, changed: [held(rows, { ...own, at: 'held' })] };
  if (ask.onConflict === 'fail') return refused(holder.run, 'held');
  const waiting: GroupRow = { ...own, at: 'waiting', rank: rankOf(ask), arrived: own.at === 'waiting' ? own.arrived : next(rows, 'arrived') };
  const others = rows.filter((row) => row !== own);
  if (waitsForItself([...others, waiting], run)) return refused(holder.run, 'cycle');
  return { answer: { is: 'waiting', holder: holder.run }, changed: own.at === 'waiting' ? [] : [waiting] };
}

const refused = (holder: string, because: LockRefused['because']): Answered => ({ answer: { is: 'refused', holder, because }, changed: [] });

/** The rows that change when a run returns a group, or waits no longer: its own, and that of the run which gets it. */
export function returnGroup(rows: readonly GroupRow[], { group, run, effect }: Pick<GroupRow, 'group' | 'run' | 'effect'>): readonly GroupRow[] {
  const own = rows.find((row) => row.group === group && row.run === run);
  if (own === undefined || own.at === 'returned') return [];
  // A run that has waited for nothing has left what it had left before.
  const returned: GroupRow = { ...own, at: 'returned', effect: own.at === 'waiting' ? own.effect : effect };
  if (own.at === 'waiting') return [returned];
  const [first] = rows.filter((row) => row.group === group && row.at === 'waiting').sort(byPlace);
  return first === undefined ? [returned] : [returned, held(rows, { ...first, at: 'granted' })];
}

/** The runs that have held the group after this one. */
export const laterRuns = (rows: readonly GroupRow[], { group, run, taken }: Pick<GroupRow, 'group' | 'run' | 'taken'>): readonly GroupRow[] =>
  taken === 0 ? [] : rows.filter((row) => row.group === group && row.run !== run && row.taken > taken);

/** The run that holds each group. */
export const isHeld = ({ at }: GroupRow): boolean => at === 'held' || at === 'granted';

const newRow = (rows: readonly GroupRow[], ask: GroupAsk): GroupRow => ({
  group: ask.group,
  run: ask.run,
  at: 'returned',
  rank: rankOf(ask),
  arrived: next(rows, 'arrived'),
  taken: 0,
  effect: 'none',
});

const rankOf = ({ forRollback, onConflict }: GroupAsk): number => (forRollback ? ranks.rollback : onConflict === 'supersede' ? ranks.supersede : ranks.wait);

/** A run that takes a group again is as late as it was. */
const held = (rows: readonly GroupRow[], row: GroupRow): GroupRow => (row.taken > 0 ? row : { ...row, taken: next(rows, 'taken') });

const next = (rows: readonly GroupRow[], count: 'arrived' | 'taken'): number => Math.max(0, ...rows.map((row) => row[count])) + 1;

const byPlace = (one: GroupRow, other: GroupRow): number => one.rank - other.rank || one.arrived - other.arrived;

/** Whether a run waits for one that, perhaps by way of others, waits for it: such a wait would never end. */
function waitsForItself(rows: readonly GroupRow[], run: string): boolean {
  const seen = new Set<string>();
  const open = [...waitsFor(rows, run)];
  for (let other = open.pop(); other !== undefined; other = open.pop()) {
    if (other === run) return true;
    if (seen.has(other)) continue;
    seen.add(other);
    open.push(...waitsFor(rows, other));
  }
  return false;
}

/** The runs that hold what a run waits for, or get it before. */
function waitsFor(rows: readonly GroupRow[], run: string): readonly string[] {
  return rows
    .filter((row) => row.run === run && row.at === 'waiting')
    .flatMap((own) => rows.filter((row) => row.group === own.group && (isHeld(row) || (row.at === 'waiting' && byPlace(row, own) < 0))).map((row) => row.run));
}
