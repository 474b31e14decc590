import { describe, expect, test } from 'vitest';
import type { Command, FactBody } from '../../../src/run/core/fact.ts';
import { commanded, failed, group, hold, hour, judged, minute, ok, planOf, rollback, rollbackList, task, world } from './plans.ts';
import { runPlan, takeUp, tasksOf, type Simulation } from './run-plan.ts';

const order = (command: Command, id: string = command.name): FactBody => commanded(id, command, 'because');
const at = (moment: number, ...commands: readonly Command[]): readonly (readonly [number, FactBody])[] => commands.map((command) => [moment, order(command)]);
const pause: Command = { name: 'pause' };
const stop: Command = { name: 'stop' };
const goOn: Command = { name: 'continue' };

const canary = (gates: readonly { readonly gate: string }[] = []) =>
  planOf([task('p/shift'), hold('p/hold', '1h', { needs: ['p/shift'], gates }), task('p/next', { needs: ['p/hold'] })]);

const idle = ({ ending }: Simulation): string => ('idle' in ending ? ending.idle : 'ended');

const heeded = ({ journal }: Simulation): readonly boolean[] =>
  journal.flatMap((fact) => (fact.fact === 'decided' ? fact.changes.flatMap((change) => (change.do === 'heed' ? [change.heeded] : [])) : []));

test('two orders of the same moment are carried out one after the other', async () => {
  const { ending } = await runPlan(canary(), world(), { inbox: at(minute, rollback, pause) });
  expect(ending).toEqual({ idle: 'paused', because: 'pause by ann: because' });
});

describe('pause', () => {
  test('nothing more starts, what runs ends, and continue goes on from there', async () => {
    const first = await runPlan(planOf([task('p/1'), task('p/2', { needs: ['p/1'] })]), world(), { inbox: at(500, pause) });
    expect(first.ending).toEqual({ idle: 'paused', because: 'pause by ann: because' });
    expect(first.state.steps.get('p/1')?.end).toBe('succeeded');
    expect(tasksOf(first.journal)).toEqual(['p/1!run.1']);
    const second = await takeUp(first, world(), [order(goOn)]);
    expect([second.ending, tasksOf(second.journal)]).toEqual([{ idle: 'over', outcome: 'succeeded' }, ['p/1!run.1', 'p/2!run.1']]);
  });

  test('no hold ends while the run is paused, and one that is over by then ends with continue', async () => {
    const first = await runPlan(canary(), world(), { inbox: at(minute, pause) });
    expect([idle(first), first.state.steps.get('p/hold')?.at]).toEqual(['paused', 'running']);
    const later = await takeUp(first, world(), []);
    expect([idle(later), later.state.steps.get('p/hold')?.at]).toEqual(['paused', 'running']);
    const second = await takeUp(later, world(), [order(goOn)]);
    expect([second.ending, tasksOf(second.journal).at(-1)]).toEqual([{ idle: 'over', outcome: 'succeeded' }, 'p/next!run.1']);
  });

  test('a rollback that is paused ends what runs, and continue goes on with the rest', async () => {
    const plan = planOf([task('p/1'), task('p/2', { needs: ['p/1'] }), task('p/3', { needs: ['p/2'] })]);
    const breaks = world((op) => (op.key === 'p/3!run.1' ? [[1_000, failed(op.key)]] : undefined));
    const first = await runPlan(plan, breaks, { inbox: at(3_500, pause) });
    expect(first.ending).toEqual({ idle: 'paused', because: 'pause by ann: because' });
    const rollbacks = ({ journal }: Simulation) => tasksOf(journal).filter((key) => key.includes('!rollback'));
    expect(rollbacks(first)).toEqual(['p/3!rollback.1']);
    const second = await takeUp(first, breaks, [order(goOn)]);
    expect(second.ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(rollbacks(second)).toEqual(['p/3!rollback.1', 'p/2!rollback.1', 'p/1!rollback.1']);
    expect(second.state.because).toContain('p/3');
  });

  test('a rollback in stages that is paused in its hold goes on after it, and at once when a person says so', async () => {
    const list = rollbackList([task('p/back-now')], [task('p/ramp'), hold('p/ramp-hold', '1h', { needs: ['p/ramp'] }), task('p/zero', { needs: ['p/ramp-hold'] })]);
    const plan = planOf([task('p/1', { rollback: list }), task('p/2', { needs: ['p/1'], rollback: 'nothing' })]);
    const breaks = world((op) => (op.key === 'p/2!run.1' ? [[1_000, failed(op.key)]] : undefined));
    const first = await runPlan(plan, breaks, { inbox: at(minute, pause) });
    expect([idle(first), first.state.steps.get('p/ramp-hold')?.at]).toEqual(['paused', 'running']);
    const staged = await takeUp(first, breaks, [order(goOn)]);
    expect([staged.ending, tasksOf(staged.journal).slice(-2)]).toEqual([{ idle: 'over', outcome: 'rolled-back' }, ['p/ramp!run.1', 'p/zero!run.1']]);
    const atOnce = await takeUp(first, breaks, [order({ name: 'rollback', urgency: 'now' })]);
    expect([atOnce.ending, tasksOf(atOnce.journal).slice(-2)]).toEqual([{ idle: 'over', outcome: 'rolled-back' }, ['p/ramp!run.1', 'p/back-now!run.1']]);
  });

  test('a gate that fails while the run is paused rolls it back, and the cause is the gate', async () => {
    const breach = world((op) => (op.op === 'watch' ? [[2 * minute, judged(op.key, { verdict: 'fail', because: 'errors' })]] : undefined));
    const working = planOf([task('p/long', { gates: [{ gate: 'health' }] }), task('p/next', { needs: ['p/long'] })]);
    const long = world((op) => (op.op === 'task' && op.verb === 'run' ? [[hour, ok(op.key)]] : breach(op)));
    const { ending, state } = await runPlan(working, long, { inbox: at(minute, pause) });
    expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(state.because).toBe('p/long: gate health failed: errors');
  });

  test('a run that is over, stopping or paused already does not heed it', async () => {
    const first = await runPlan(canary(), world(), { inbox: at(minute, pause) });
    const second = await takeUp(first, world(), [order(pause), order(stop), order(pause, 'third')]);
    expect([second.ending, heeded(second)]).toEqual([{ idle: 'over', outcome: 'stopped' }, [true, false, true, false]]);
  });
});

describe('stop', () => {
  test('nothing more starts, running steps end, waits are cancelled, and the changes stay', async () => {
    const { ending, journal, state } = await runPlan(canary(), world(), { inbox: at(minute, stop) });
    expect(ending).toEqual({ idle: 'over', outcome: 'stopped' });
    expect(state.steps.get('p/hold')?.end).toBe('cancelled');
    expect(tasksOf(journal)).toEqual(['p/shift!run.1']);
    expect(state.because).toBe('stop by ann: because');
  });

  test('a paused run can be stopped, and its finally runs then', async () => {
    const plan = planOf([task('p/1'), task('p/2', { needs: ['p/1'] }), task('finally/close', { phase: 'finally', rollback: 'nothing' })], [group('p'), group('finally', { kind: 'finally' })]);
    const first = await runPlan(plan, world(), { inbox: at(500, pause) });
    const { ending, journal } = await takeUp(first, world(), [order(stop)]);
    expect([ending, tasksOf(journal)]).toEqual([{ idle: 'over', outcome: 'stopped' }, ['p/1!run.1', 'finally/close!run.1']]);
  });

  test('a rollback that is stopped leaves in place what it has not reached', async () => {
    const plan = planOf([task('p/1'), task('p/2', { needs: ['p/1'] }), task('p/3', { needs: ['p/2'] })]);
    const breaks = world((op) => (op.key === 'p/3!run.1' ? [[1_000, failed(op.key)]] : undefined));
    const { ending, journal, state } = await runPlan(plan, breaks, { inbox: at(3_500, stop) });
    expect(ending).toEqual({ idle: 'over', outcome: 'stopped' });
    expect(tasksOf(journal).filter((key) => key.includes('!rollback'))).toEqual(['p/3!rollback.1']);
    expect(state.notRolledBack).toEqual(['p/1', 'p/2']);
  });
});

describe('continue with a step', () => {
  test('a hold ends early, in a run that is not paused, and the record names who ended it', async () => {
    const { ending, state } = await runPlan(canary(), world(), { inbox: at(minute, { name: 'continue', step: 'p/hold' }) });
    expect(ending).toEqual({ idle: 'over', outcome: 'succeeded' });
    expect(state.now).toBeLessThan(2 * minute);
    expect(state.steps.get('p/hold')).toMatchObject({ end: 'succeeded', isOverridden: true, because: 'continue by ann: because' });
  });

  test('a gate that fails is not overruled', async () => {
    const failing = { ...planOf([task('p/shift'), hold('p/hold', '1h', { needs: ['p/shift'], gates: [{ gate: 'health', onFailure: 'pause' }] })]) };
    const breach = world((op) => (op.op === 'watch' ? [[1_000, judged(op.key, { verdict: 'fail', because: 'errors' })]] : undefined));
    const first = await runPlan(failing, breach);
    const second = await takeUp(first, breach, [order({ name: 'continue', step: 'p/hold' })]);
    expect([idle(second), heeded(second)]).toEqual(['paused', [false]]);
  });

  test('a failed step that is accepted stays as it is, and the run succeeds in part', async () => {
    const plan = planOf([task('p/1', { onFailure: 'pause' }), task('p/2', { needs: ['p/1'] })]);
    const breaks = world((op) => (op.key === 'p/1!run.1' ? [[0, failed(op.key)]] : undefined));
    const first = await runPlan(plan, breaks);
    expect(idle(first)).toBe('paused');
    const second = await takeUp(first, breaks, [order({ name: 'continue', step: 'p/1', accept: true })]);
    expect([second.ending, tasksOf(second.journal)]).toEqual([{ idle: 'over', outcome: 'partially-succeeded' }, ['p/1!run.1', 'p/2!run.1']]);
    expect(second.state.steps.get('p/1')?.end).toBe('failed');
  });

  test('a failed step is not accepted any more when the run is being rolled back', async () => {
    const plan = planOf([task('p/1', { rollback: 'impossible' }), task('p/2', { needs: ['p/1'], onFailure: 'pause' })]);
    const breaks = world((op) => (op.key === 'p/2!run.1' ? [[0, failed(op.key)]] : undefined));
    const first = await runPlan(plan, breaks);
    const second = await takeUp(first, breaks, [order(rollback), order({ name: 'continue', step: 'p/2', accept: true })]);
    expect([idle(second), heeded(second)]).toEqual(['paused', [true, false]]);
  });

  test('a step that does not wait, or that does not exist, changes nothing', async () => {
    const { ending, journal } = await runPlan(canary(), world(), {
      inbox: [[500, order({ name: 'continue', step: 'p/shift' }, '1')], [600, order({ name: 'continue', step: 'p/nowhere' }, '2')]],
    });
    expect([ending, heeded({ journal } as Simulation)]).toEqual([{ idle: 'over', outcome: 'succeeded' }, [false, false]]);
  });
});

test('a person who rolls back a paused run rolls back everything', async () => {
  const first = await runPlan(canary(), world(), { inbox: at(minute, pause) });
  const { ending, journal } = await takeUp(first, world(), [order(rollback)]);
  expect([ending, tasksOf(journal)]).toEqual([{ idle: 'over', outcome: 'rolled-back' }, ['p/shift!run.1', 'p/shift!rollback.1']]);
});
