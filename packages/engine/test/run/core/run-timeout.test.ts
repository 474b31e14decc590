import { expect, test } from 'vitest';
import type { Plan, PlanStep } from '../../../src/plan/plan.ts';
import type { Script } from '../../../src/run/simulated/simulated-runtime.ts';
import { commanded, failed, hold, hour, minute, ok, planOf, task } from './plans.ts';
import { runPlan, takeUp } from './run-plan.ts';

const limited = (...steps: readonly PlanStep[]): Plan => ({ ...planOf(steps), timeoutMs: 2 * hour });
const works: Script = (op) => (op.op === 'task' ? [[1_000, ok(op.key)]] : []);

test('a run that takes longer than its timeout is paused, waiting included, and `continue` goes on without a limit', async () => {
  const plan = limited(task('a/1'), hold('a/2', '10h', { needs: ['a/1'] }), task('a/3', { needs: ['a/2'] }));
  const paused = await runPlan(plan, works);
  expect(paused).toMatchObject({ ending: { idle: 'paused', because: 'the run took longer than its timeout of 2h' }, at: 2 * hour });
  const run = await takeUp(paused, works, [commanded('c1', { name: 'continue' }, 'take the time')]);
  expect(run).toMatchObject({ ending: { idle: 'over', outcome: 'succeeded' } });
});

test('a run that ends in time leaves no timer', async () => {
  const { ending, state, at } = await runPlan(limited(task('a/1')), works);
  expect({ ending, at, open: [...state.owners.keys()] }).toEqual({ ending: { idle: 'over', outcome: 'succeeded' }, at: 1_000, open: [] });
});

test('the timeout of a run does not pause a rollback', async () => {
  const plan = limited(task('a/1'), task('a/2', { needs: ['a/1'] }));
  const slow: Script = (op) => (op.key === 'a/2!run.1' ? [[119 * minute, failed(op.key)]] : op.key === 'a/1!rollback.1' ? [[hour, ok(op.key)]] : works(op));
  const { ending, at } = await runPlan(plan, slow);
  expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
  expect(at).toBeGreaterThan(2 * hour);
});
