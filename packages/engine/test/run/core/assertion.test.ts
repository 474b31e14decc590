import { expect, test } from 'vitest';
import { createEvaluator } from '../../../src/expressions/create-evaluator.ts';
import { expressionOf } from '../../../src/expressions/names-in.ts';
import type { Plan, PlanStep } from '../../../src/plan/plan.ts';
import { ok, planOf, task } from './plans.ts';
import { runPlan, tasksOf } from './run-plan.ts';

const types = { inputs: { version: 'semver', environment: 'string' }, steps: { build: { outputs: { size: 'size' } } }, secrets: [] } as const;
const { evaluate } = createEvaluator(types);

const inputs = { version: '1.4.0-rc.1', environment: 'production' };
const named: Plan['named'] = { build: { kind: 'step', step: 'a/build' } };

const asserts = (condition: string, more: Partial<PlanStep['act']> = {}) =>
  task('a/check', { act: { act: 'assert', condition: expressionOf(condition), ...more } as PlanStep['act'], rollback: 'nothing', needs: ['a/build'] });

const runWith = (check: PlanStep) =>
  runPlan({ ...planOf([task('a/build', { rollback: 'nothing' }), check, task('a/deploy', { needs: ['a/check'] })]), inputs, types, named }, (op) => [[1_000, ok(op.key, { size: '6MiB' })]], { evaluate });

test('an assert that is true takes no time', async () => {
  const { ending, state, at } = await runWith(asserts('inputs.version.prerelease == "rc.1" && steps.build.outputs.size < bytesize("1GiB")'));
  expect({ ending, at }).toEqual({ ending: { idle: 'over', outcome: 'succeeded' }, at: 2_000 });
  expect(state.steps.get('a/check')).toMatchObject({ end: 'succeeded' });
});

test('an assert that is not true fails with the values in it, and what needs it does not start', async () => {
  const { ending, state, journal } = await runWith(asserts('inputs.version.prerelease == "" || inputs.environment == "staging"'));
  expect(ending).toEqual({ idle: 'over', outcome: 'failed' });
  const message = 'not true: inputs.version.prerelease == "" || inputs.environment == "staging" (inputs.version is 1.4.0-rc.1 and inputs.environment is production)';
  expect(state.steps.get('a/check')).toMatchObject({ end: 'failed', failure: { code: 'REL_ASSERT_FAILED', message, retryable: false } });
  expect(tasksOf(journal)).toEqual(['a/build!run.1']);
});

test('the message of an assert may quote values as well', async () => {
  const { state } = await runWith(asserts('steps.build.outputs.size < bytesize("5MiB")', { message: { $text: [expressionOf('inputs.version'), ' is too large'] } }));
  expect(state.steps.get('a/check')?.because).toBe('1.4.0-rc.1 is too large (steps.build.outputs.size is 6MiB)');
});
