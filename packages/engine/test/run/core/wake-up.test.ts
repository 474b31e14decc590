import { describe, expect, test } from 'vitest';
import type { PlanMetric, PlanStep } from '../../../src/plan/plan.ts';
import { decide } from '../../../src/run/core/decide.ts';
import { wakeUpOf } from '../../../src/run/core/wake-up.ts';
import { evolve } from '../../../src/run/core/evolve.ts';
import type { FactBody } from '../../../src/run/core/fact.ts';
import { newRunState } from '../../../src/run/core/state/run-state.ts';
import { metricOf } from '../judge/samples.ts';
import { hold, hour, judged, minute, planned, planOf, task } from './plans.ts';

const day = 24 * hour;
const holds = (more: Partial<PlanStep> = {}) => hold('p/wait', '2h', { gates: [{ gate: 'health' }], ...more });
const waits = (more: Partial<PlanStep> = {}) => task('p/wait', { act: { act: 'gate' }, rollback: 'nothing', gates: [{ gate: 'health' }], ...more });
const evaluation = (more: Parameters<typeof judged>[1] = {}) => judged('p/wait!watch.health', more);
const holdIsOver: FactBody = { fact: 'fired', key: 'p/wait!hold.1' };
const covered = { coveredUntil: 2 * hour };

/** When a run of this step is woken if its process parks after these facts, which arrive at once. */
function parkedFor(step: PlanStep, facts: readonly FactBody[], metrics: readonly PlanMetric[] = []): number | undefined {
  const state = newRunState();
  const plan = { ...planOf([step]), gates: { health: { name: 'health', everyMs: minute, metrics } } };
  evolve(state, { ...planned(plan), seq: 1, at: 0 });
  decide(state, JSON.parse as never);
  for (const fact of facts) evolve(state, { ...fact, seq: 2, at: 0 });
  decide(state, JSON.parse as never);
  return wakeUpOf(state);
}

describe('a parked run wakes up', () => {
  test.for([
    ['after wake-every while its gate passes', holds(), [evaluation()], 15 * minute],
    ['at the next sample while a breach is not yet long enough', holds(), [evaluation({ verdict: 'warn', conclusive: false })], minute],
    ['when its hold is over, if that is sooner', holds({ wakeEveryMs: 3 * hour }), [evaluation()], 2 * hour],
    ['after wake-every when the hold is over and its gate does not pass', holds({ timeoutMs: day }), [holdIsOver, evaluation({ verdict: 'inconclusive', ...covered })], 15 * minute],
    ['after wake-every when the hold is over and its gate warns', holds({ timeoutMs: day }), [holdIsOver, evaluation({ verdict: 'warn', ...covered })], 15 * minute],
    ['after wake-every when a gate step warns', waits({ timeoutMs: day }), [evaluation({ verdict: 'warn' })], 15 * minute],
    ['after wake-every when a gate step cannot measure', waits({ timeoutMs: day }), [evaluation({ verdict: 'error', conclusive: false })], 15 * minute],
    ['halfway to the timeout of a gate step, if that is sooner', waits({ timeoutMs: 10 * minute }), [evaluation({ verdict: 'warn' })], 5 * minute],
  ] as const)('%s', ([, step, facts, wanted]) => {
    expect(parkedFor(step, facts)).toBe(wanted);
  });

  test('halfway to the end of the time that the gates of a hold have, if that is sooner', () => {
    const short = hold('p/wait', '1m', { gates: [{ gate: 'health' }] });
    expect(parkedFor(short, [holdIsOver, evaluation({ verdict: 'inconclusive', coveredUntil: minute })])).toBe(8 * minute);
  });

  test('when the window of its gate is full, if that is sooner', () => {
    const metrics = [metricOf({ threshold: { forMs: 7 * minute } })];
    expect(parkedFor(waits({ timeoutMs: day }), [evaluation({ conclusive: false })], metrics)).toBe(7 * minute);
  });

  test('at once while the sample at the end of a hold is still missing', () => {
    expect(parkedFor(holds(), [holdIsOver, evaluation({ verdict: 'inconclusive', coveredUntil: hour })])).toBe(0);
    const failed = evaluation({ verdict: 'error', coveredUntil: hour, observedAt: 2 * hour });
    expect(parkedFor(holds({ timeoutMs: day }), [holdIsOver, failed])).toBe(15 * minute);
  });
});
