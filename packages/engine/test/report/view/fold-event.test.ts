import { describe, expect, test } from 'vitest';
import { viewOf } from '../../../src/report/view/fold-event.ts';
import { openWaitOf } from '../../../src/report/view/run-view.ts';
import { currentWeights } from '../../../src/report/view/weights.ts';
import { shownState } from '../../../src/report/text/state-words.ts';
import { canaryPlan, planGroup, planOf, planStep } from '../fixtures/canary-plan.ts';
import { prepared, promotedRun } from '../fixtures/promoted-run.ts';
import { rolledBackRun } from '../fixtures/rolled-back-run.ts';
import { RunScript } from '../fixtures/run-script.ts';

const step = 'production/canary/1-shift';

describe('the view of a run', () => {
  test('there is no view until the run has started', () => {
    expect(viewOf([])).toBeUndefined();
    expect(viewOf(rolledBackRun().events.slice(1))).toBeUndefined();
  });

  test('the view has the candidate weight after each shift and after the rollback', () => {
    const weights = viewOf(rolledBackRun().events)!.weights.map(({ percent }) => percent);
    expect(weights).toEqual([10, 0]);
    expect(viewOf(promotedRun().events)!.weights.map(({ percent }) => percent)).toEqual([10, 50, 100]);
  });

  test('the view counts the rollback steps of a composite to the same lane as its shifts', () => {
    expect(currentWeights(viewOf(rolledBackRun().events)!)).toMatchObject([{ percent: 0, lane: 'production/canary' }]);
  });

  test('the view has the previous weight after the rollback of a single shift', () => {
    const plan = planOf('p', [planGroup('', 'run'), planGroup('a', 'stage')], [planStep('a/shift', 'a', [])]);
    const script = new RunScript(plan).task('a/shift', 1, { weight: 25, previous: 5 }).say({ type: 'rollback-started', unit: 'a/shift' });
    script.say({ type: 'rollback-ended', unit: 'a/shift', end: 'rolled-back' });
    expect(viewOf(script.events)!.weights.map(({ percent, lane }) => [percent, lane])).toEqual([[25, 'a'], [5, 'a']]);
  });

  test('the view marks those tasks of a composite as rolled back that may have acted, and no others', () => {
    const { steps } = viewOf(rolledBackRun().events)!;
    expect(shownState(steps.get(step)!)).toBe('rolled-back');
    expect(shownState(steps.get('production/canary/2-hold')!)).toBe('failed');
    expect(shownState(steps.get('production/canary/3-shift')!)).toBe('cancelled');
  });

  test('the view keeps every attempt with its failure', () => {
    const { attempts } = viewOf(promotedRun().events)!.steps.get('image/push')!;
    expect(attempts.map(({ attempt, ended }) => [attempt, ended?.status, ended?.failure?.code])).toEqual([
      [1, 'failed', 'DOCKER_REGISTRY_BUSY'],
      [2, 'succeeded', undefined],
    ]);
  });

  test('the view is the same when every event comes twice', () => {
    const { events } = rolledBackRun();
    const twice = viewOf([...events, ...events]);
    expect(twice).toEqual(viewOf(events));
  });

  test('the view knows what an approval waits for until it is answered', () => {
    const { events } = prepared();
    const asked = events.findIndex((event) => event.type === 'step-waiting' && event.why === 'approval') + 1;
    expect(openWaitOf(viewOf(events.slice(0, asked))!.steps.get('approve/release')!)).toMatchObject({ why: 'approval' });
    expect(openWaitOf(viewOf(events)!.steps.get('approve/release')!)).toBeUndefined();
  });

  test('a step of the view waits although its start comes after its wait', () => {
    const hold = 'production/canary/2-hold';
    const script = new RunScript(canaryPlan).say({ type: 'step-waiting', step: hold, why: 'hold', until: 1 }).say({ type: 'step-started', step: hold });
    expect(viewOf(script.events)!.steps.get(hold)!.state).toBe('waiting');
  });

  test('the view leaves a step as it ended while its rollback waits for the next attempt', () => {
    const script = new RunScript(canaryPlan).task(step, 1).say({ type: 'rollback-started', unit: step });
    script.say({ type: 'attempt-started', step, verb: 'rollback', attempt: 1 }).say({ type: 'step-waiting', step, why: 'backoff', until: 1 });
    const view = viewOf(script.events)!.steps.get(step)!;
    expect([view.state, shownState(view)]).toEqual(['succeeded', 'rolling-back']);
  });

  test('the view leaves out events of steps that the plan does not have', () => {
    const script = new RunScript(canaryPlan).task('not/in-the-plan', 1);
    expect(viewOf(script.events)!.steps.has('not/in-the-plan')).toBe(false);
  });

  test('the view is parked only until something happens again', () => {
    const script = new RunScript(canaryPlan);
    const parked = { run: script.run, at: script.at, type: 'parked', asks: [] } as const;
    expect(viewOf([...script.events, parked])!.parked).toBe(parked);
    expect(viewOf([...script.events, parked, ...new RunScript(canaryPlan).open('quality').events])!.parked).toBeUndefined();
  });
});
