import { expect, test } from 'vitest';
import { type GroupAnswer, type GroupAsk, type GroupRow, returnGroup, takeGroup } from '../../../src/run/store/group-rules.ts';

/** Applies the rules to rows that change. */
function table() {
  let rows: readonly GroupRow[] = [];
  const write = (changed: readonly GroupRow[]): void => {
    rows = [...rows.filter((row) => !changed.some(({ run, group }) => run === row.run && group === row.group)), ...changed];
  };
  return {
    ask: (run: string, more: Partial<GroupAsk> = {}): GroupAnswer => {
      const { answer, changed } = takeGroup(rows, { run, fence: 1, group: 'api', onConflict: 'wait', ...more });
      write(changed);
      return answer;
    },
    giveBack: (run: string, effect: GroupRow['effect'] = 'in-effect', group = 'api') => write(returnGroup(rows, { group, run, effect })),
    holder: () => rows.find(({ at, group }) => group === 'api' && (at === 'held' || at === 'granted'))?.run,
  };
}

test('runs get a group in the order in which they asked for it', () => {
  const { ask, giveBack, holder } = table();
  for (const run of ['a', 'b', 'c']) ask(run);
  // Asking again does not move a run back.
  ask('b');
  giveBack('a');
  expect(holder()).toBe('b');
  giveBack('b');
  expect(holder()).toBe('c');
});

test('a run that waits no longer is left out', () => {
  const { ask, giveBack, holder } = table();
  for (const run of ['a', 'b', 'c']) ask(run);
  giveBack('b', 'none');
  giveBack('a');
  expect(holder()).toBe('c');
});

test('a rollback goes before runs that have changed nothing yet, and a run that supersedes others goes before those', () => {
  const { ask, giveBack, holder } = table();
  ask('a');
  giveBack('a');
  ask('b');
  ask('c');
  ask('d', { onConflict: 'supersede' });
  expect(ask('a', { forRollback: true })).toEqual({ is: 'waiting', holder: 'b' });
  giveBack('b', 'rolled-back');
  expect(holder()).toBe('a');
  giveBack('a', 'rolled-back');
  expect(holder()).toBe('d');
});

test('a rollback that waits for a later run is refused once that run is over and in effect', () => {
  const { ask, giveBack } = table();
  ask('a');
  giveBack('a');
  ask('b');
  expect(ask('a', { forRollback: true })).toEqual({ is: 'waiting', holder: 'b' });
  giveBack('b');
  expect(ask('a', { forRollback: true })).toEqual({ is: 'refused', holder: 'b', because: 'later' });
});

test('a wait is refused that would never end by way of a third run, or of one that waits before it', () => {
  const { ask } = table();
  ask('a', { group: 'x' });
  ask('b', { group: 'y' });
  ask('c', { group: 'z' });
  ask('a', { group: 'y' });
  ask('b', { group: 'z' });
  expect(ask('c', { group: 'x' })).toEqual({ is: 'refused', holder: 'a', because: 'cycle' });

  const queue = table();
  queue.ask('a');
  queue.ask('b', { group: 'other' });
  queue.ask('c');
  expect(queue.ask('c', { group: 'other' })).toEqual({ is: 'waiting', holder: 'b' });
  // In the queue b would come after c, which waits for b.
  expect(queue.ask('b')).toEqual({ is: 'refused', holder: 'a', because: 'cycle' });
});
