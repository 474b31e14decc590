import { expect, test } from 'vitest';
import type { Fact } from '../../../src/run/core/fact.ts';
import type { Op } from '../../../src/run/core/operation.ts';
import { failed, group, ok, planOf, rollbackList, service, task } from './plans.ts';
import { runPlan, startsOf, tasksOf } from './run-plan.ts';

/** Every task takes a second. */
const world = (op: Op): [number, ReturnType<typeof ok>][] => (op.op === 'task' ? [[1_000, ok(op.key)]] : []);

test('a teardown starts as soon as its step has ended, also behind steps that wait for a slot', async () => {
  const plan = planOf([service('a/db', 'step'), task('a/one'), task('a/two'), task('a/three')]);
  const { journal } = await runPlan(plan, world, { parallel: 1 });
  expect(tasksOf(journal).indexOf('a/db:teardown!teardown.1')).toBeLessThanOrEqual(2);
});

test('the `finally` of a stage starts as soon as its stage is over, also behind steps that wait for a slot', async () => {
  const plan = planOf(
    [task('a/up'), task('a/finally/logs', { phase: 'finally', rollback: 'nothing' }), task('b/one'), task('b/two'), task('b/three')],
    [group('a'), group('a/finally', { kind: 'finally' }), group('b')],
  );
  const { journal } = await runPlan(plan, world, { parallel: 1 });
  expect(tasksOf(journal).indexOf('a/finally/logs!run.1')).toBeLessThanOrEqual(2);
});

test('a rollback does not wait for a slot behind a step that will not start any more', async () => {
  const back = (key: string) => rollbackList([task(`${key}/rollback-now/back`, { group: 'a' })], [task(`${key}/rollback-staged/back`, { group: 'a' })]);
  const plan = planOf([
    task('a/slow-1', { rollback: back('a/slow-1') }),
    task('a/slow-2', { rollback: back('a/slow-2') }),
    task('a/y', { rollback: back('a/y') }),
    task('a/z', { needs: ['a/y'] }),
    task('a/long', { needs: ['a/y'] }),
    task('a/never', { needs: ['a/long'] }),
    task('a/bad', { needs: ['a/slow-1', 'a/slow-2', 'a/z'] }),
  ]);
  const { journal } = await runPlan(
    plan,
    (op) => {
      if (op.op !== 'task') return [];
      if (op.key === 'a/bad!run.1') return [[1_000, failed(op.key)]];
      const isSlow = op.step.startsWith('a/slow') && op.step.includes('rollback');
      return [[isSlow || op.key === 'a/long!run.1' ? 600_000 : op.key === 'a/z!rollback.1' ? 5_000 : 1_000, ok(op.key)]];
    },
    { parallel: 2 },
  );
  expect(startOf(journal, 'a/y/rollback-staged/back')).toBeLessThan(60_000);
});

const startOf = (journal: readonly Fact[], step: string): number | undefined =>
  journal.find((fact) => startsOf(fact).some((op) => op.step === step))?.at;
