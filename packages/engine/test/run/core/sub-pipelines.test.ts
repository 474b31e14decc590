import { expect, test } from 'vitest';
import type { Json } from '../../../src/contract/index.ts';
import { expressionOf } from '../../../src/expressions/names-in.ts';
import { needEndsOfPipelines } from '../../../src/plan/after-pipelines.ts';
import type { Group, Plan, PlanStep } from '../../../src/plan/plan.ts';
import type { LaterInput, PlanPipeline } from '../../../src/plan/plan-pipeline.ts';
import type { Evaluate } from '../../../src/run/core/decide/decision.ts';
import type { Op } from '../../../src/run/core/operation.ts';
import type { Script } from '../../../src/run/simulated/simulated-runtime.ts';
import { failed, group, hold, judged, ok, planOf, rollbackList, service, task } from './plans.ts';
import { opsOf, runPlan, tasksOf } from './run-plan.ts';

/** A name and its members, e.g. `steps.make.outputs.version`. */
const evaluate: Evaluate = (source, scope) =>
  source.split('.').reduce<Json>((value, name) => {
    const inside = (value as Readonly<Record<string, Json>>)[name];
    if (inside === undefined) throw new Error(`${source} has no value`);
    return inside;
  }, scope as unknown as Json);

const config = (expression: string): PlanStep['act'] => ({ act: 'task', uses: 'test.step', with: { value: expressionOf(expression) }, attemptTimeoutMs: 600_000 });

const names: PlanPipeline = { file: 'sub.yaml', content: '', inputs: {}, types: { inputs: {}, steps: {}, secrets: [] }, named: {}, outputs: {} };

const nestedPlan = (steps: readonly PlanStep[], groups: readonly Group[], pipelines: Plan['pipelines']): Plan => ({
  ...planOf([], []),
  ...needEndsOfPipelines(planOf(steps, groups)),
  ...(pipelines && { pipelines }),
});

/** Tasks take a second; `make` returns a version. */
const world: Script = (op) => (op.op === 'task' ? [[1_000, op.step === 'a/make' ? ok(op.key, { version: '1.4.0' }) : ok(op.key, { seen: op.with })]] : []);

const later: LaterInput = { name: 'version', type: 'semver', value: expressionOf('steps.make.outputs.version') };

/** `make`, a sub-pipeline that reads its version, and a step that reads an output of the sub-pipeline. */
const reading = (input: LaterInput): Plan => ({
  ...nestedPlan(
    [
      task('a/make'),
      task('a/sub/one/use', { act: config('inputs.version') }),
      task('a/sub/one/again', { act: config('steps.use.outputs.seen'), needs: ['a/sub/one/use'] }),
      task('a/read', { act: config('steps.sub.outputs.version'), needs: ['a/sub'] }),
    ],
    [group('a'), group('a/sub', { kind: 'pipeline', needs: ['a/make'] }), group('a/sub/one')],
    { 'a/sub': { ...names, laterInputs: [input], named: { use: { kind: 'step', step: 'a/sub/one/use' } }, outputs: { version: expressionOf('inputs.version') } } },
  ),
  named: { make: { kind: 'step', step: 'a/make' }, sub: { kind: 'pipeline', group: 'a/sub' } },
});

const configOf = (ops: readonly Op[], step: string): unknown => ops.flatMap((op) => (op.op === 'task' && op.step === step ? [op.with] : []))[0];

test('inside of a sub-pipeline names mean what they mean in its file, and around it its outputs are those of its step', async () => {
  const { ending, journal } = await runPlan(reading(later), world, { evaluate });
  expect(ending).toEqual({ idle: 'over', outcome: 'succeeded' });
  const ops = opsOf(journal);
  expect(configOf(ops, 'a/sub/one/use')).toEqual({ value: '1.4.0' });
  expect(configOf(ops, 'a/sub/one/again')).toEqual({ value: { value: '1.4.0' } });
  expect(configOf(ops, 'a/read')).toEqual({ value: '1.4.0' });
});

test('a sub-pipeline with an input that its declaration does not allow fails before anything of it starts', async () => {
  for (const [input, problem] of [[{ ...later, max: '1.3.0' }, 'above the maximum'], [{ ...later, type: 'duration' }, 'not a duration'], [{ ...later, value: expressionOf('steps.make.outputs.none') }, 'no value']] as const) {
    const { ending, journal, state } = await runPlan(reading(input), world, { evaluate });
    expect(ending).toMatchObject({ idle: 'over', outcome: 'rolled-back' });
    expect(tasksOf(journal)).toEqual(['a/make!run.1', 'a/make!rollback.1']);
    expect(state.because).toContain(problem);
  }
});

test('what needs a sub-pipeline, and the next cell of its matrix, wait for its finally and for the teardowns of its stages', async () => {
  const cell = (n: number): PlanStep[] => [
    service(`a/all/n=${String(n)}/one/db`, 'stage'),
    task(`a/all/n=${String(n)}/finally/close`, { phase: 'finally', rollback: 'nothing' }),
  ];
  const groupsOf = (n: number): Group[] => [
    group(`a/all/n=${String(n)}`, { kind: 'pipeline' }),
    group(`a/all/n=${String(n)}/one`),
    group(`a/all/n=${String(n)}/finally`, { kind: 'finally' }),
  ];
  const plan = nestedPlan([...cell(1), ...cell(2), task('a/after', { needs: ['a/all'] })], [group('a'), group('a/all', { kind: 'matrix', maxParallel: 1 }), ...groupsOf(1), ...groupsOf(2)], {});
  const { journal } = await runPlan(plan, world);
  const inOrder = tasksOf(journal).map((key) => key.replace(/!.*/, ''));
  const ofCell = (n: number): string[] => [`a/all/n=${String(n)}/finally/close`, `a/all/n=${String(n)}/one/db`, `a/all/n=${String(n)}/one/db:teardown`];
  expect([inOrder.slice(0, 3).sort(), inOrder.slice(3, 6).sort(), inOrder.slice(6)]).toEqual([ofCell(1), ofCell(2), ['a/after']]);
});

test('after a rollback the finally of a stage comes first, then that of its sub-pipeline, that of the stage around it, and that of the run', async () => {
  const close = (key: string): PlanStep => task(`${key}/close`, { phase: 'finally', rollback: 'nothing' });
  const plan = nestedPlan(
    [task('a/sub/one/act'), task('a/sub/one/bad', { needs: ['a/sub/one/act'], rollback: 'nothing' }), ...['a/sub/one/finally', 'a/sub/finally', 'a/finally', 'finally'].map(close)],
    [
      group('a'),
      group('a/sub', { kind: 'pipeline' }),
      group('a/sub/one'),
      ...['a/sub/one/finally', 'a/sub/finally', 'a/finally', 'finally'].map((key) => group(key, { kind: 'finally' })),
    ],
    {},
  );
  const { ending, journal } = await runPlan(plan, (op) => (op.key.startsWith('a/sub/one/bad!run') ? [[500, failed(op.key)]] : world(op)));
  expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
  expect(tasksOf(journal).slice(2)).toEqual(['a/sub/one/act!rollback.1', ...['a/sub/one/finally', 'a/sub/finally', 'a/finally', 'finally'].map((key) => `${key}/close!run.1`)]);
});

test('a step of a sub-pipeline is rolled back before what the sub-pipeline needs, and after what needs it', async () => {
  const plan = nestedPlan(
    [
      task('a/first'),
      task('a/sub/one/act', { rollback: { now: rollbackList([task('a/sub/one/act/rollback/back', { group: 'a/sub/one' })], []).now } }),
      task('a/last', { needs: ['a/sub'] }),
      task('b/bad', { rollback: 'nothing' }),
    ],
    [group('a'), group('a/sub', { kind: 'pipeline', needs: ['a/first'] }), group('a/sub/one'), group('b', { needs: ['a'] })],
    {},
  );
  const { journal } = await runPlan(plan, (op) => (op.key.startsWith('b/bad!run') ? [[500, failed(op.key)]] : world(op)));
  expect(tasksOf(journal).slice(4)).toEqual(['a/last!rollback.1', 'a/sub/one/act/rollback/back!run.1', 'a/first!rollback.1']);
});

test('a gate asks with the names of the file that declares it, also while it watches a step of a sub-pipeline', async () => {
  const metric = (value: string) => ({ name: 'ok', uses: 'test.metric', with: { at: expressionOf(value) }, unit: 'count', threshold: {}, noData: 'pass', shadow: false }) as const;
  const plan: Plan = {
    ...nestedPlan(
      [hold('a/sub/one/wait', '10s', { gates: [{ gate: 'health' }, { gate: 'a/sub/health' }] })],
      [group('a'), group('a/sub', { kind: 'pipeline' }), group('a/sub/one')],
      { 'a/sub': { ...names, inputs: { server: 'inner' } } },
    ),
    inputs: { server: 'outer' },
    gates: {
      health: { name: 'health', everyMs: 1_000, metrics: [metric('inputs.server')] },
      'a/sub/health': { name: 'a/sub/health', pipeline: 'a/sub', everyMs: 1_000, metrics: [metric('inputs.server')] },
    },
  };
  const { journal } = await runPlan(plan, (op) => (op.op === 'watch' ? [[10_000, judged(op.key, { coveredUntil: op.until ?? 0 })]] : []), { evaluate });
  const asked = opsOf(journal).flatMap((op) => (op.op === 'watch' ? [[op.gate, op.configs['ok']]] : []));
  expect(asked).toEqual([['health', { at: 'outer' }], ['a/sub/health', { at: 'inner' }]]);
});
