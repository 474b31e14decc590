import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { defineMetric, defineStep, quantity } from '../../src/contract/index.ts';
import type { Limit, Threshold } from '../../src/model/threshold.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import { withoutStable } from '../../src/plan/idle-stable.ts';
import { printPlan } from '../../src/plan/print-plan.ts';
import { describePlan } from '../../src/plan/describe-plan.ts';
import type { PluginRegistry } from '../../src/plugins/registry.ts';
import type { GateDeclaration, StageDeclaration, StepDeclaration } from '../../src/validate/valid-pipeline.ts';
import { input, minute, pipeline, place, registry, stage, step, text, when } from './pipelines.ts';

const divide = defineStep({
  summary: 'Divides traffic.',
  with: Type.Object({ weight: quantity('percent', 'New weight.') }),
  outputs: Type.Object({}),
  onLost: 'retry',
  rollback: 'nothing',
  candidateShare: ({ weight }) => (typeof weight === 'number' ? weight : undefined),
  run: async () => ({}),
});

const measured = defineMetric({ summary: 'Measures.', with: Type.Object({}), unit: 'from-config', answersForThePast: false, measure: async () => [] });

const known: PluginRegistry = {
  ...registry,
  steps: new Map([...registry.steps, ['test.divide', divide]]),
  metrics: new Map([['test.measured', measured]]),
};

const absolute: Limit = { kind: 'absolute', value: 0.05, text: '5%' };
const relative: Limit = { kind: 'relative', value: 0.1, text: '+10%' };

const gate = (name: string, threshold: Threshold): GateDeclaration => {
  const metric = { name: 'errors', uses: 'test.measured', with: {}, unit: 'ratio' as const, noData: 'fail' as const, shadow: false, at: place };
  return { name, everyMs: minute, metrics: [{ ...metric, threshold, baseline: {} }], at: place };
};

const both = gate('both', { max: relative, critical: absolute });
const against = gate('against', { max: relative });

const weight = (id: string, percent: string, more: Partial<StepDeclaration> = {}) =>
  step(id, { action: { kind: 'task', uses: 'test.divide', with: { weight: text(percent) } }, ...more });
const hold = (id: string, gates: readonly string[], more: Partial<StepDeclaration> = {}) =>
  step(id, { action: { kind: 'hold', for: '5m', atEnd: 'wait' }, gates: gates.map((one) => ({ gate: one })), ...more });

async function planOf(stages: readonly StageDeclaration[], inputs: Readonly<Record<string, string>> = {}) {
  const valid = pipeline({ registry: known, gates: [both, against], stages, inputs: [input('all', 'percent'), input('go', 'boolean')] });
  return buildPlan(valid, { inputs });
}

async function idleIn(stages: readonly StageDeclaration[], inputs: Readonly<Record<string, string>> = {}): Promise<readonly string[]> {
  const built = await planOf(stages, inputs);
  if (!built.ok) throw new Error(built.diagnostics[0]?.message);
  return built.plan.steps.flatMap(({ key, stableIsIdle }) => (stableIsIdle ? [key] : []));
}

test('a hold does not compare with stable once the candidate has all traffic, also in a later stage', async () => {
  const stages = [
    stage('a', [weight('half', '50%'), hold('early', ['both']), weight('whole', '${{ inputs.all }}'), hold('late', ['both'])]),
    stage('b', [hold('after', ['both'])], { needs: ['a'] }),
    stage('c', [weight('less', '10%'), hold('again', ['both'])], { needs: ['b'] }),
  ];
  expect(await idleIn(stages, { all: '100%' })).toEqual(['a/late', 'b/after']);
  expect(await idleIn(stages, { all: '99%' })).toEqual([]);
});

test('a hold compares with stable where the plan does not know that the candidate has all traffic', async () => {
  expect(await idleIn([stage('a', [hold('alone', ['both'])])])).toEqual([]);
  const maybe = weight('whole', '100%', { when: when('steps.first.outcome == "succeeded"') });
  expect(await idleIn([stage('a', [step('first'), maybe, hold('late', ['both'])])])).toEqual([]);
});

test('a hold for which no limit is left is refused, and one with another gate is not', async () => {
  const refused = await planOf([stage('a', [weight('whole', '100%'), hold('late', ['against'])])]);
  expect(refused).toMatchObject({ ok: false, diagnostics: [{ severity: 'error', code: 'REL_NO_LIMIT_LEFT', message: expect.stringContaining('During a/late') as string }] });
  expect(await idleIn([stage('a', [weight('whole', '100%'), hold('late', ['against', 'both'])])])).toEqual(['a/late']);
});

test('the plan says that the limits against the baseline are not judged', async () => {
  const built = await planOf([stage('a', [weight('whole', '100%'), hold('late', ['both'])])]);
  if (!built.ok) throw new Error('it is refused');
  const printed = printPlan(describePlan(built.plan, { findings: [], previews: new Map(), windows: [], unchecked: [] })).join('\n');
  expect(printed).toContain('the candidate has all traffic: limits against the baseline are not judged');
});

test('without stable, a metric keeps its absolute limits and is not asked for the baseline', () => {
  const planned = { ...both, metrics: both.metrics.map((metric) => ({ ...metric, threshold: { ...metric.threshold, forMs: minute } })) };
  expect(withoutStable(planned).metrics[0]).toEqual({
    at: place, name: 'errors', uses: 'test.measured', with: {}, unit: 'ratio', noData: 'fail', shadow: false, threshold: { critical: absolute, forMs: minute },
  });
});
