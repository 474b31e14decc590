import { describe, expect, test } from 'vitest';
import type { Group, Plan, PlanStep } from '../../../src/plan/plan.ts';
import type { Op } from '../../../src/run/core/operation.ts';
import type { Script } from '../../../src/run/simulated/simulated-runtime.ts';
import { failed, group, ok, planOf, probed, rollbackList, task } from './plans.ts';
import { changesOf, runPlan, type Simulation } from './run-plan.ts';

/** Everything takes a second, a rollback ten; `z/boom` fails, so that everything is rolled back. */
const world =
  (special: (op: Op) => ReturnType<Script> | undefined = () => undefined): Script =>
  (op) =>
    special(op) ?? (op.op === 'task' ? [[op.verb === 'rollback' ? 10_000 : 1_000, op.step === 'z/boom' ? failed(op.key) : ok(op.key)]] : []);

/** Steps side by side, then a failure after them. */
function limited(limit: number | undefined, steps: readonly PlanStep[], groups: readonly Group[] = []): Plan {
  const stages = [...new Set(steps.map(({ key }) => key.split('/')[0] ?? ''))];
  const plan = planOf([...steps, task('z/boom', { rollback: 'nothing' })], [...groups, group('z', { needs: stages })]);
  return { ...plan, ...(limit !== undefined && { maxParallelRollbacks: limit }) };
}

const shift = (key: string, more: Partial<PlanStep> = {}): PlanStep => task(key, { restoresTraffic: true, ...more });

/** When the rollback of each unit started, in seconds after the first one. */
function startsOf({ journal }: Simulation): Readonly<Record<string, number>> {
  const starts = journal.flatMap((fact) => changesOf(fact).flatMap((change) => (change.do === 'start-rollback' ? [{ unit: change.unit, at: fact.at }] : [])));
  const first = starts[0]?.at ?? 0;
  return Object.fromEntries(starts.map(({ unit, at }) => [unit, (at - first) / 1_000]));
}

describe('a limit on rollbacks at once', () => {
  const five = ['a', 'b', 'c', 'd', 'e'].map((id) => task(`s/${id}`));

  test('without one, every rollback that waits for nothing starts at once', async () => {
    expect(startsOf(await runPlan(limited(undefined, five), world()))).toEqual({ 's/a': 0, 's/b': 0, 's/c': 0, 's/d': 0, 's/e': 0 });
  });

  test('no more rollbacks run than the limit, the last step of the plan first, and each end makes room for the next', async () => {
    const run = await runPlan(limited(2, five), world());
    expect(startsOf(run)).toEqual({ 's/e': 0, 's/d': 0, 's/c': 10, 's/b': 10, 's/a': 20 });
    expect(run.ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
  });

  test('a rollback that failed makes room too', async () => {
    const run = await runPlan(limited(1, five), world((op) => (op.step === 's/e' && op.op === 'task' && op.verb === 'rollback' ? [[1_000, failed(op.key)]] : undefined)));
    expect(Object.keys(startsOf(run))).toEqual(['s/e', 's/d', 's/c', 's/b', 's/a']);
    expect(run.ending).toEqual({ idle: 'over', outcome: 'rollback-failed' });
  });

  test('a rollback keeps its place during the pause before its next try', async () => {
    const retried = task('s/e', { retry: { attempts: 3, firstMs: 60_000, maxMs: 60_000, losses: 3 } });
    const fails = world((op) => (op.key === 's/e!rollback.1' ? [[1_000, failed(op.key, true)]] : undefined));
    expect(startsOf(await runPlan(limited(1, [...five.slice(0, 4), retried]), fails))['s/d']).toBe(71);
  });

  test('a list of rollback steps takes one place from its first to its last step', async () => {
    const { now } = rollbackList([task('s/x/rollback/1'), task('s/x/rollback/2', { needs: ['s/x/rollback/1'] })], []);
    const run = await runPlan(limited(1, [task('s/a'), task('s/x', { rollback: { now } })]), world());
    expect(startsOf(run)).toMatchObject({ 's/x': 0, 's/a': 2 });
  });

  test('a rollback that returns traffic never waits and takes no place', async () => {
    expect(startsOf(await runPlan(limited(1, [shift('s/one'), ...five.slice(0, 2), shift('s/two')]), world()))).toEqual({ 's/one': 0, 's/two': 0, 's/b': 0, 's/a': 10 });
  });

  test('what has to be rolled back before traffic returns does not wait either, through stages and groups', async () => {
    const steps = [task('other/a'), task('other/b'), shift('live/shift'), task('after/c'), task('after/d'), task('last/e')];
    const groups = [group('other'), group('live'), group('after', { needs: ['live'] }), group('last', { needs: ['after'] })];
    const starts = startsOf(await runPlan(limited(1, steps, groups), world()));
    expect(starts).toEqual({ 'last/e': 0, 'after/c': 10, 'after/d': 10, 'live/shift': 20, 'other/b': 0, 'other/a': 10 });
  });

  test('a group that is rolled back as one returns traffic if one of its steps does', async () => {
    const restore = rollbackList([task('s/canary/rollback-now/restore', { group: 's/canary' })], [task('s/canary/rollback-staged/restore', { group: 's/canary' })]);
    const canary = group('s/canary', { kind: 'composite', parent: 's', rollback: restore });
    const steps = [shift('s/canary/1-shift', { group: 's/canary' }), task('s/a'), task('s/b')];
    expect(startsOf(await runPlan(limited(1, steps, [group('s'), canary]), world()))).toEqual({ 's/canary': 0, 's/b': 0, 's/a': 10 });
  });

  test('a person who is asked to roll back takes no place until the answer', async () => {
    const asks = world((op) => {
      if (op.op === 'ask') return [[100_000, { fact: 'answered', key: op.key, id: op.key, who: { who: 'ann', by: 'os-user' }, answer: 'yes', fingerprint: 'f1' }]];
      if (op.op !== 'task') return undefined;
      if (op.verb === 'confirm') return [[1_000, probed(op.key, op.attempt > 1 ? 'done' : 'not-done')]];
      return op.verb === 'instruct' ? [[1_000, { fact: 'ended', key: op.key, result: { status: 'succeeded', output: 'Do it.' } }]] : undefined;
    });
    const run = await runPlan(limited(1, [...five.slice(0, 2), task('s/z', { rollback: 'assisted' })]), asks);
    expect(startsOf(run)).toEqual({ 's/z': 0, 's/b': 2, 's/a': 12 });
    expect(run.ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
  });
});
