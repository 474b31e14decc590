import { describe, expect, test } from 'vitest';
import { nextOpening } from '../../../src/calendar/next-opening.ts';
import type { Window } from '../../../src/calendar/window.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { decide } from '../../../src/run/core/decide.ts';
import { evolve } from '../../../src/run/core/evolve.ts';
import { Decision } from '../../../src/run/core/decide/decision.ts';
import { policy } from '../../../src/run/core/decide/policy.ts';
import { startOutsideWindow } from '../../../src/run/core/decide/windows.ts';
import { groupOf, newRunState } from '../../../src/run/core/state/run-state.ts';
import { wakeUpOf } from '../../../src/run/core/wake-up.ts';
import type { Script } from '../../../src/run/simulated/simulated-runtime.ts';
import { approval, commanded, failed, group, hour, minute, ok, planned, planOf, task } from './plans.ts';
import { noExpressions, opsOf, replay, runPlan, startsOf, takeUp, type Simulation } from './run-plan.ts';

/** The clock of a run starts on Thursday, 1970-01-01 at 00:00 UTC. */
const windows: Readonly<Record<string, Window>> = {
  mornings: { hours: '09:00..12:00', zone: 'UTC' },
  midnight: { hours: '00:00..00:01', zone: 'UTC' },
  never: { zone: 'UTC', except: ['1970-01-01..1999-12-31'] },
};

const withWindows = (plan: Plan, more: Partial<Plan> = {}): Plan => ({ ...plan, windows, ...more });
const works: Script = (op) => (op.op === 'task' ? [[1_000, ok(op.key)]] : []);
const startOf = ({ journal }: Pick<Simulation, 'journal'>, key: string) => journal.find((fact) => startsOf(fact).some((op) => op.key === key))?.at;

describe('a stage or step with a window', () => {
  test('starts when the window opens, and the steps before it do not wait', async () => {
    const plan = planOf([task('a/1'), task('a/2', { needs: ['a/1'], window: ['mornings'] }), task('b/1')], [group('a'), group('b', { window: ['mornings'] })]);
    const run = await runPlan(withWindows(plan), works);
    expect(run.ending).toEqual({ idle: 'over', outcome: 'succeeded' });
    expect(['a/1', 'a/2', 'b/1'].map((key) => startOf(run, `${key}!run.1`))).toEqual([0, 9 * hour, 9 * hour]);
  });

  test('starts at once while one of its windows is open', async () => {
    const run = await runPlan(withWindows(planOf([task('a/1', { window: ['mornings', 'midnight'] })])), works);
    expect(startOf(run, 'a/1!run.1')).toBe(0);
  });

  test('starts at once when a person says so, although its windows are closed', async () => {
    const goOn = commanded('now', { name: 'continue', step: 'b' }, 'urgent');
    const run = await runPlan(withWindows(planOf([task('b/1')], [group('b', { window: ['mornings'] })])), works, { inbox: [[minute, goOn]] });
    expect([run.ending, startOf(run, 'b/1!run.1')]).toEqual([{ idle: 'over', outcome: 'succeeded' }, minute]);
  });

  test('is skipped without waiting when its condition is false', async () => {
    const { at } = await runPlan(withWindows(planOf([task('a/1', { window: ['mornings'], when: { $expr: 'false', reads: [] } })])), works);
    expect(at).toBe(0);
  });

  test('waits again when its run is resumed after the window has closed', async () => {
    const plan = withWindows(planOf([task('a/1', { window: ['mornings'] })]));
    const late = await takeUp({ journal: [{ ...planned(plan), seq: 0, at: 13 * hour }] }, works, []);
    expect(startOf(late, 'a/1!run.1')).toBe(33 * hour);
    const state = newRunState();
    evolve(state, { ...planned(plan), seq: 0, at: 0 });
    decide(state, noExpressions, undefined, nextOpening);
    evolve(state, { fact: 'fired', key: 'a/1!window.1', seq: 2, at: 13 * hour });
    const { changes } = decide(state, noExpressions, undefined, nextOpening);
    expect(changes).toMatchObject([{ do: 'start', op: { key: 'a/1!window.2', at: 33 * hour, why: 'window' } }]);
  });

  test('a parked run is woken when the window opens', () => {
    const state = newRunState();
    evolve(state, { ...planned(withWindows(planOf([task('a/1')], [group('a', { window: ['mornings'] })]))), seq: 0, at: 0 });
    expect(decide(state, noExpressions, undefined, nextOpening).idle).toMatchObject({ wait: { mayPark: true, until: 9 * hour } });
    expect(wakeUpOf(state)).toBe(9 * hour);
  });

  test('is tried again at any time: the window is asked once', async () => {
    const plan = withWindows(planOf([task('a/1', { window: ['midnight'], onLost: 'retry' })]));
    const run = await runPlan(plan, (op) => (op.key === 'a/1!run.1' ? [[10 * minute, failed(op.key, true)]] : works(op)));
    expect(run.ending).toEqual({ idle: 'over', outcome: 'succeeded' });
    expect(startOf(run, 'a/1!run.2')).toBe(10 * minute + 2_000);
  });

  test('a rejected approval is asked again at any time', async () => {
    const plan = withWindows(planOf([approval('a/1', 1, [], { window: ['midnight'], onFailure: 'pause' })]));
    const answer = (op: { readonly key: string }, yes: boolean) =>
      ({ fact: 'answered', key: op.key, id: op.key, who: { who: 'bob', by: 'os-user' }, answer: yes ? 'yes' : 'no', fingerprint: 'f1' }) as const;
    const script: Script = (op) => (op.op === 'ask' ? [[hour, answer(op, op.key.endsWith('.2'))]] : []);
    const paused = await runPlan(plan, script);
    expect(paused.ending).toMatchObject({ idle: 'paused' });
    const run = await takeUp(paused, script, [commanded('c1', { name: 'continue' }, 'go on')]);
    expect(run.ending).toEqual({ idle: 'over', outcome: 'succeeded' });
    expect(startOf(run, 'a/1!ask.2')).toBe(hour);
  });

  test('does not delay a rollback, and waits no longer', async () => {
    const plan = planOf([task('a/1'), task('a/2', { needs: ['a/1'] }), task('b/1'), task('c/1', { window: ['mornings'] })], [group('a'), group('b', { window: ['mornings'] }), group('c')]);
    const run = await runPlan(withWindows(plan), (op) => (op.key === 'a/2!run.1' ? [[hour, failed(op.key)]] : works(op)));
    expect(run.ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(run.at).toBeLessThan(hour + minute);
    expect([...run.state.awaitingWindow]).toEqual([]);
    expect([...run.state.owners.keys()]).toEqual([]);
  });

  test('asks its windows anew when a paused run continues', async () => {
    const plan = withWindows(planOf([task('a/1', { window: ['mornings'] }), task('b/1', { onFailure: 'pause', onLost: 'retry' })]));
    const script: Script = (op) => (op.key === 'b/1!run.1' ? [[hour, failed(op.key)]] : works(op));
    const paused = await runPlan(plan, script);
    expect(paused.ending).toMatchObject({ idle: 'paused' });
    expect(wakeUpOf(paused.state)).toBeUndefined();
    const run = await takeUp(paused, script, [commanded('c1', { name: 'continue' }, 'go on')]);
    expect(startOf(run, 'a/1!run.1')).toBe(9 * hour);
  });

  test('fails when its window does not open within a year', async () => {
    const { state, ending } = await runPlan(withWindows(planOf([task('a/1')], [group('a', { window: ['never'] })])), works);
    expect(ending).toEqual({ idle: 'over', outcome: 'failed' });
    expect(state.steps.get('a/1')).toMatchObject({ end: 'failed', because: 'none of its windows opens within a year: never' });
  });

  test('starts at once when a person decides so, and the record has the decision', () => {
    const state = newRunState();
    evolve(state, { ...planned(withWindows(planOf([task('a/1')], [group('a', { window: ['mornings'] })]))), seq: 0, at: hour });
    decide(state, noExpressions, undefined, nextOpening);
    const decision = new Decision(state, noExpressions, policy, nextOpening);
    startOutsideWindow(decision, groupOf(state, 'a'));
    expect(decision.changes).toEqual([{ do: 'skip-window', node: 'a' }, { do: 'cancel', op: 'a!window.1' }]);
    expect(decide(state, noExpressions, undefined, nextOpening).changes).toMatchObject([{ do: 'open', group: 'a' }, { do: 'start', op: { key: 'a/1!run.1' } }]);
  });

  test('the moment is part of the record: reading it back asks no calendar', async () => {
    const { journal } = await runPlan(withWindows(planOf([task('a/1', { window: ['mornings'] })])), works);
    expect(opsOf(journal).filter((op) => op.op === 'timer')).toEqual([{ op: 'timer', key: 'a/1!window.1', step: 'a/1', at: 9 * hour, why: 'window' }]);
    expect(replay(journal).outcome).toBe('succeeded');
  });
});
