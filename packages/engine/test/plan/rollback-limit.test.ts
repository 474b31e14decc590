import { expect, test } from 'vitest';
import { buildPlan } from '../../src/plan/build-plan.ts';
import { describePlan } from '../../src/plan/describe-plan.ts';
import { printPlan } from '../../src/plan/print-plan.ts';
import { verifyPlan } from '../../src/plan/verify-plan.ts';
import type { StepDeclaration, ValidPipeline } from '../../src/validate/valid-pipeline.ts';
import { pipeline, run, stage, step } from './pipelines.ts';

async function plan(parts: Partial<ValidPipeline>) {
  const built = await buildPlan(pipeline(parts), { inputs: {} });
  if (!built.ok) throw new Error(built.diagnostics.map(({ message }) => message).join('\n'));
  return built.plan;
}

const shift = (id: string, more: Partial<StepDeclaration> = {}) => step(id, { action: { kind: 'task', uses: 'test.shift', with: { weight: '10%' } }, ...more });

test('the limit on rollbacks at once is part of the plan, and of its fingerprint', async () => {
  const without = await plan({ stages: [stage('a', [run('one', 'x')])] });
  const within = await plan({ stages: [stage('a', [run('one', 'x')])], maxParallelRollbacks: 2 });

  expect(without).not.toHaveProperty('maxParallelRollbacks');
  expect(within.maxParallelRollbacks).toBe(2);
  expect(within.fingerprint).not.toBe(without.fingerprint);
});

test('a step whose type returns traffic says so in the plan, whether the type or the file rolls it back', async () => {
  const built = await plan({ stages: [stage('a', [run('one', 'x'), shift('two'), shift('three', { rollback: [run('back', 'y')] })])] });

  expect(built.steps.map(({ key, restoresTraffic }) => [key, restoresTraffic])).toEqual([['a/one', undefined], ['a/two', true], ['a/three', true]]);
});

test('so do the shifts inside a composite', async () => {
  const canary = step('canary', { action: { kind: 'composite', uses: 'test.canary', with: { phases: [{ weight: '10%', hold: '10m' }] } } });
  const built = await plan({ stages: [stage('a', [canary])] });

  expect(built.steps.filter(({ restoresTraffic }) => restoresTraffic).map(({ key }) => key)).toEqual(built.steps.filter(({ act }) => act.act === 'task').map(({ key }) => key));
});

test('`relpipe plan` says how many rollbacks run at once', async () => {
  const built = pipeline({ stages: [stage('a', [run('one', 'x')])], maxParallelRollbacks: 2 });
  const limited = await plan({ stages: [stage('a', [run('one', 'x')])], maxParallelRollbacks: 2 });
  const check = await verifyPlan(limited, built, { contextFor: () => ({}) as never, isOver: new Promise(() => undefined), secrets: {}, now: 0 });

  expect(printPlan(describePlan(limited, check))).toContain('Rollbacks at once: 2, not counting those that return traffic and those that come before them.');
});
