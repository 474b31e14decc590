import { describe, expect, test } from 'vitest';
import type { FactBody } from '../../../src/run/core/fact.ts';
import type { Op } from '../../../src/run/core/operation.ts';
import type { Script } from '../../../src/run/simulated/simulated-runtime.ts';
import { decide } from '../../../src/run/core/decide.ts';
import { evolve } from '../../../src/run/core/evolve.ts';
import { newRunState } from '../../../src/run/core/state/run-state.ts';
import { failed, group, hold, hour, judged, minute, ok, planned, planOf, task, undoList } from './plans.ts';
import { runPlan, takeUp, tasksOf, startsOf } from './run-plan.ts';

/** Tasks succeed after a second, watches say nothing, unless it is told otherwise. */
const world =
  (special: (op: Op) => ReturnType<Script> | undefined): Script =>
  (op) =>
    special(op) ?? (op.op === 'task' ? [[1_000, ok(op.key)]] : []);
const isTask = (op: Op, ...verbs: readonly string[]): boolean => op.op === 'task' && verbs.includes(op.verb);

describe('a step that failed and can no longer be looked at', () => {
  const dead = (step: string) => world((op) => (op.step === step && isTask(op, 'run', 'probe') ? [[0, failed(op.key, true)]] : undefined));

  test('fails and is undone when it is undone by itself', async () => {
    const { ending, journal } = await runPlan(planOf([task('a/shift')]), dead('a/shift'));
    expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(tasksOf(journal)).toEqual(['a/shift!run.1', 'a/shift!probe.1', 'a/shift!probe.2', 'a/shift!probe.3', 'a/shift!rollback.1']);
  });

  test('is a question to a person when nothing could undo it', async () => {
    const { journal } = await runPlan(planOf([task('a/publish', { rollback: 'impossible' })]), dead('a/publish'), {
      letters: [[hour, { fact: 'answered', key: 'a/publish!ask.1', id: 'x', who: { who: 'ann', by: 'os-user' }, answer: 'yes', fingerprint: 'f1' }]],
    });
    expect(journal.some((fact) => fact.fact === 'answered')).toBe(true);
    expect(tasksOf(journal)).not.toContain('a/publish!rollback.1');
  });

  test('is no question on the way back: the rollback has failed', async () => {
    const undo = undoList([task('p/c/rollback-now/restore', { group: 'p/c' })], [task('p/c/rollback-staged/restore', { group: 'p/c' })]);
    const plan = planOf([task('p/c/shift'), task('p/c/boom', { needs: ['p/c/shift'] })], [group('p'), group('p/c', { kind: 'composite', rollback: undo })]);
    const { ending, journal } = await runPlan(
      plan,
      world((op) => (op.step === 'p/c/boom' ? [[0, failed(op.key)]] : op.step.includes('/rollback') && op.op === 'task' ? [[0, failed(op.key, true)]] : undefined)),
    );
    expect(ending).toEqual({ idle: 'over', outcome: 'rollback-failed' });
    expect(journal.some((fact) => startsOf(fact).some(({ op }) => op === 'ask'))).toBe(false);
  });
});

test('a breach that freezes lets the task it watches end its work, and continue goes on behind it', async () => {
  const plan = planOf([task('p/shift', { gates: [{ gate: 'health', onFailure: 'freeze' }] }), task('p/next', { needs: ['p/shift'] })]);
  const breach = world((op) => (op.op === 'watch' ? [[100, judged(op.key, { verdict: 'fail', because: 'errors' })]] : undefined));
  const first = await runPlan(plan, breach);
  expect(first.ending).toMatchObject({ idle: 'frozen' });
  expect(first.state.steps.get('p/shift')?.end).toBe('succeeded');

  const told: FactBody = { fact: 'commanded', id: 't', who: { who: 'ann', by: 'os-user' }, command: { name: 'continue' }, reason: 'I looked' };
  const second = await takeUp(first, breach, [told]);
  expect(second.ending).toEqual({ idle: 'over', outcome: 'succeeded' });
  expect(tasksOf(second.journal)).toEqual(['p/shift!run.1', 'p/next!run.1']);
});

describe('how long a parked run may be blind', () => {
  const gates = { health: { name: 'health', everyMs: minute, metrics: [] } };
  const blindFor = (look: FactBody, ...more: readonly FactBody[]): number => {
    const state = newRunState();
    const plan = { ...planOf([hold('p/hold', '2h', { gates: [{ gate: 'health' }] })]), gates };
    const bodies: FactBody[] = [planned(plan)];
    for (let body = bodies.shift(), seq = 0; body; body = bodies.shift(), seq++) evolve(state, { ...body, seq, at: 0 });
    decide(state, JSON.parse as never);
    for (const body of [look, ...more]) evolve(state, { ...body, seq: 2, at: 0 });
    const { idle } = decide(state, JSON.parse as never);
    return idle.idle === 'wait' ? (idle.wait.until ?? Infinity) : Infinity;
  };

  test.each([
    ['as long as max-blind while the gate passes', judged('p/hold!watch.health'), 15 * minute],
    ['from one look to the next while a breach is not yet long enough', judged('p/hold!watch.health', { verdict: 'warn', conclusive: false }), minute],
  ] as const)('%s', (_name, look, wanted) => {
    expect(blindFor(look)).toBe(wanted);
  });

  test('from one look to the next when the hold is over and its gates have not passed', () => {
    const covered = judged('p/hold!watch.health', { verdict: 'inconclusive', coveredUntil: 2 * hour });
    expect(blindFor(covered, { fact: 'fired', key: 'p/hold!hold.1' })).toBe(minute);
  });
});
