import { describe, expect, test } from 'vitest';
import type { FactBody } from '../../../src/run/core/fact.ts';
import type { Op } from '../../../src/run/core/operation.ts';
import type { Script } from '../../../src/run/simulated/simulated-runtime.ts';
import { failed, group, hour, judged, ok, planOf, task, rollbackList } from './plans.ts';
import { runPlan, takeUp, tasksOf, startsOf } from './run-plan.ts';

/** Tasks succeed after a second and watches return nothing, unless the test specifies it. */
const world =
  (special: (op: Op) => ReturnType<Script> | undefined): Script =>
  (op) =>
    special(op) ?? (op.op === 'task' ? [[1_000, ok(op.key)]] : []);
const isTask = (op: Op, ...verbs: readonly string[]): boolean => op.op === 'task' && verbs.includes(op.verb);

describe('a failed step whose probe fails', () => {
  const dead = (step: string) => world((op) => (op.step === step && isTask(op, 'run', 'probe') ? [[0, failed(op.key, true)]] : undefined));

  test('a failed step whose probe fails is rolled back when its rollback is automatic', async () => {
    const { ending, journal } = await runPlan(planOf([task('a/shift')]), dead('a/shift'));
    expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(tasksOf(journal)).toEqual(['a/shift!run.1', 'a/shift!probe.1', 'a/shift!probe.2', 'a/shift!probe.3', 'a/shift!rollback.1']);
  });

  test('a failed step whose probe fails asks a person when it is irreversible', async () => {
    const { journal } = await runPlan(planOf([task('a/publish', { rollback: 'impossible' })]), dead('a/publish'), {
      inbox: [[hour, { fact: 'answered', key: 'a/publish!ask.1', id: 'x', who: { who: 'ann', by: 'os-user' }, answer: 'yes', fingerprint: 'f1' }]],
    });
    expect(journal.some((fact) => fact.fact === 'answered')).toBe(true);
    expect(tasksOf(journal)).not.toContain('a/publish!rollback.1');
  });

  test('a rollback step whose probe fails asks nobody: the rollback has failed', async () => {
    const rollback = rollbackList([task('p/c/rollback-now/restore', { group: 'p/c' })], [task('p/c/rollback-staged/restore', { group: 'p/c' })]);
    const plan = planOf([task('p/c/shift'), task('p/c/boom', { needs: ['p/c/shift'] })], [group('p'), group('p/c', { kind: 'composite', rollback })]);
    const { ending, journal } = await runPlan(
      plan,
      world((op) => (op.step === 'p/c/boom' ? [[0, failed(op.key)]] : op.step.includes('/rollback') && op.op === 'task' ? [[0, failed(op.key, true)]] : undefined)),
    );
    expect(ending).toEqual({ idle: 'over', outcome: 'rollback-failed' });
    expect(journal.some((fact) => startsOf(fact).some(({ op }) => op === 'ask'))).toBe(false);
  });
});

test('a breach that pauses lets the watched task finish, and continue starts the next step', async () => {
  const plan = planOf([task('p/shift', { gates: [{ gate: 'health', onFailure: 'pause' }] }), task('p/next', { needs: ['p/shift'] })]);
  const breach = world((op) => (op.op === 'watch' ? [[100, judged(op.key, { verdict: 'fail', because: 'errors' })]] : undefined));
  const first = await runPlan(plan, breach);
  expect(first.ending).toMatchObject({ idle: 'paused' });
  expect(first.state.steps.get('p/shift')?.end).toBe('succeeded');

  const command: FactBody = { fact: 'commanded', id: 't', who: { who: 'ann', by: 'os-user' }, command: { name: 'continue' }, reason: 'checked' };
  const second = await takeUp(first, breach, [command]);
  expect(second.ending).toEqual({ idle: 'over', outcome: 'succeeded' });
  expect(tasksOf(second.journal)).toEqual(['p/shift!run.1', 'p/next!run.1']);
});
