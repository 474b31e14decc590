import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { defineMetric, defineStep, isLater, type ReadContext } from '../../src/contract/index.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import { describePlan } from '../../src/plan/describe-plan.ts';
import { printPlan } from '../../src/plan/print-plan.ts';
import { verifyPlan } from '../../src/plan/verify-plan.ts';
import type { PluginRegistry } from '../../src/plugins/registry.ts';
import type { StepDeclaration, ValidPipeline } from '../../src/validate/valid-pipeline.ts';
import { hour, input, minute, pipeline, place, registry, stage, step, text, when } from './pipelines.ts';

const checked = defineStep({
  summary: 'Checks before it runs.',
  with: Type.Object({ target: Type.String() }),
  outputs: Type.Object({}),
  rollback: 'nothing',
  onLost: 'retry',
  run: async () => ({}),
  verify: async ({ target }) => {
    if (target === 'unreachable') throw new Error('no answer from the registry');
    if (target === 'whole') return [{ level: 'warning', code: 'TEST_WHOLE', message: 'Nobody is logged in.' }];
    return target === 'taken' ? [{ level: 'error', code: 'TEST_TAKEN', at: ['target'], message: 'It is taken.' }] : [];
  },
  preview: async ({ target }) => ({ change: 'moves the tag', ...(isLater(target) ? { unknownUntilRun: ['target'] } : { to: target }) }),
});

const withChecked: PluginRegistry = { ...registry, steps: new Map([...registry.steps, ['test.checked', checked]]) };
const target = (id: string, value: string, more: Partial<StepDeclaration> = {}) =>
  step(id, { action: { kind: 'task', uses: 'test.checked', with: { target: text(value) } }, ...more });
const hold = (id: string, length: string, more = {}) => step(id, { action: { kind: 'hold', for: text(length), atEnd: 'wait' }, ...more });

async function describe(parts: Partial<ValidPipeline>, inputs = {}, isOver = new Promise<string>(() => undefined)) {
  const valid = pipeline({ registry: withChecked, ...parts });
  const built = await buildPlan(valid, { inputs });
  if (!built.ok) throw new Error(built.diagnostics[0]!.message);
  const check = await verifyPlan(built.plan, valid, { contextFor: () => ({}) as ReadContext, isOver, secrets: {}, now: 0 });
  return { check, description: describePlan(built.plan, check) };
}

test('a finding of a step type has the place of the setting that it is about', async () => {
  const { check } = await describe({ stages: [stage('s', [target('a', 'taken'), target('b', 'free')])] });

  expect(check.findings).toEqual([expect.objectContaining({ severity: 'error', code: 'TEST_TAKEN', at: expect.objectContaining({ line: 42 }) as unknown })]);
});

test('a finding about a step as a whole has the place of its type', async () => {
  const { check } = await describe({ stages: [stage('s', [target('a', 'whole', { placeOf: (path) => ({ ...place, file: path.join('.') }) })])] });

  expect(check.findings).toEqual([expect.objectContaining({ code: 'TEST_WHOLE', at: { ...place, file: 'uses' } })]);
});

/** A step type whose author had no compiler. */
const answering = (verify: unknown, preview?: unknown): Partial<ValidPipeline> => {
  const type = { ...checked, verify: () => verify, ...(preview !== undefined && { preview: () => preview }) } as typeof checked;
  return { registry: { ...registry, steps: new Map([...registry.steps, ['test.checked', type]]) }, stages: [stage('s', [target('a', 'free')])] };
};

test.each([
  ['nothing', undefined],
  ['a text', 'fine'],
  ['one finding', { level: 'error', code: 'TEST_TAKEN', message: 'It is taken.' }],
  ['a list of texts', ['It is taken.']],
  ['a finding without a message', [{ level: 'error', code: 'TEST_TAKEN' }]],
  ['a finding of another level', [{ level: 'fatal', code: 'TEST_TAKEN', message: 'It is taken.' }]],
  ['a finding whose hint is not text', [{ level: 'error', code: 'TEST_TAKEN', message: 'It is taken.', hint: { read: 'this' } }]],
])('a step whose `verify` returns %s is named as not checked', async (_, answer) => {
  for (const given of [answer, Promise.resolve(answer)]) {
    const { check } = await describe(answering(given));
    expect(check).toMatchObject({ findings: [], unchecked: [{ key: 's/a', because: 'its `verify` did not return a list of findings' }] });
  }
});

test.each([['a text', 'moves the tag'], ['no change', { from: 'a' }], ['a number', { change: 'moves the tag', to: 5 }]])(
  'a preview with %s is not shown, and the step is named as not checked',
  async (_, answer) => {
    const { check } = await describe(answering([], answer));
    expect(check).toMatchObject({ previews: new Map(), unchecked: [{ key: 's/a', because: 'its `preview` did not return a preview' }] });
  },
);

test('a metric is checked for both sides with what the gate will do with its values, and what both lack is said once', async () => {
  const seen: unknown[] = [];
  const measured = defineMetric({
    summary: 'Measures.',
    with: Type.Object({ of: Type.String(), where: Type.String() }),
    unit: 'from-config',
    answersForThePast: false,
    verify: async (config, _, use) => {
      seen.push({ ...config, ...use });
      const whole = { level: 'warning', code: 'TEST_SLOW', message: 'It is slow.' } as const;
      return config.of === 'stable' ? [whole, { ...whole, code: 'TEST_TWO', message: 'There are two.' }] : [whole];
    },
    measure: async () => [],
  });
  const metric = {
    name: 'errors', uses: 'test.measured', with: { of: 'candidate', where: 'here' }, baseline: { of: 'stable' }, unit: 'ratio' as const,
    threshold: {}, noData: 'fail' as const, reduce: 'max' as const, minSamples: 20, shadow: false, at: place,
  };
  const { check } = await describe({
    registry: { ...registry, metrics: new Map([['test.measured', measured]]) },
    gates: [{ name: 'health', everyMs: minute, metrics: [metric], at: place }],
    stages: [stage('s', [hold('a', '5m', { gates: [{ gate: 'health' }] })])],
  });
  const use = { unit: 'ratio', reduce: 'max', minSamples: 20 };
  expect(seen).toEqual([{ of: 'candidate', where: 'here', ...use }, { of: 'stable', where: 'here', ...use }]);
  expect(check.findings.map(({ message, at }) => [message, at])).toEqual([['It is slow.', place], ['Of the baseline: There are two.', place]]);
});

test('a `verify` that never answers does not hold up the others when the time is over', async () => {
  const { check } = await describe(answering(new Promise(() => undefined)), {}, Promise.resolve('it did not finish within 30 s.'));
  expect(check.unchecked).toEqual([{ key: 's/a', because: 'it did not finish within 30 s.' }]);
});

test('a step that could not be verified is named with the reason, and is not a finding about the pipeline', async () => {
  const { check } = await describe({ stages: [stage('s', [target('a', 'unreachable'), step('b')])] });

  expect(check.findings).toEqual([]);
  expect(check.unchecked).toEqual([
    { key: 's/a', because: 'no answer from the registry' },
    { key: 's/b', because: 'its type has no `verify`' },
  ]);
});

test('a preview with fields that the contract does not have is shown without them', async () => {
  const cyclic: Record<string, unknown> = { change: 'moves the tag' };
  cyclic['client'] = cyclic;
  const { check } = await describe(answering([], cyclic));
  expect(check.previews.get('s/a')).toEqual({ change: 'moves the tag' });
});

test('a preview says which settings only the run will know', async () => {
  const { check } = await describe({ stages: [stage('s', [step('publish'), target('a', '${{ steps.publish.outputs.digest }}')])] });

  expect(check.previews.get('s/a')).toEqual({ change: 'moves the tag', unknownUntilRun: ['target'] });
});

test('the point of no return is the first step that runs and cannot be rolled back', async () => {
  const parts = {
    inputs: [input('big', 'boolean')],
    stages: [stage('s', [step('a'), step('b', { irreversible: true, when: when('inputs.big') }), step('c', { irreversible: true })])],
  };

  expect((await describe(parts, { big: 'true' })).description.pointOfNoReturn).toBe('s/b');
  expect((await describe(parts, { big: 'false' })).description.pointOfNoReturn).toBe('s/c');
});

test('the minimum duration is that of the longest path, without the steps that do not run', async () => {
  const { description } = await describe({
    inputs: [input('late', 'boolean')],
    stages: [
      stage('a', [hold('x', '2h'), hold('y', '30m')]),
      stage('b', [hold('z', '1h')]),
      stage('c', [hold('w', '10m')], { needs: ['a', 'b'] }),
      stage('d', [hold('v', '500h')], { when: when('inputs.late') }),
    ],
  }, { late: 'false' });

  expect(description.minimumMs).toBe(2 * hour + 40 * minute);
});

test('a breach goes unnoticed until the next sample and until its window is full, and longer while the run is parked', async () => {
  const at = step('x').at;
  const metric = { name: 'm', uses: 'x', with: {}, unit: 'ratio', threshold: { forMs: 5 * minute }, noData: 'fail', shadow: false, at } as const;
  const { description } = await describe({
    gates: [{ name: 'health', everyMs: 30_000, metrics: [metric], at }],
    stages: [stage('s', [hold('settle', '1h', { gates: [{ gate: 'health' }] })])],
  });

  expect(description).toMatchObject({ unnoticedMs: 5.5 * minute, unnoticedParkedMs: 20.5 * minute });
  expect(description.unchecked).toEqual([{ key: 'health: m', because: 'no plugin supplies x' }]);
});

test('the printed plan says that a person helps to roll a step back', async () => {
  const { description } = await describe({ stages: [stage('s', [step('upload', { action: { kind: 'task', uses: 'test.upload', with: {} } })])] });
  expect(printPlan(description)[0]).toBe("s/upload (rolled back with a person's help)");
});

test('the printed plan says what each step changes, how it is rolled back and what the run risks', async () => {
  const { description } = await describe({ stages: [stage('s', [target('tag', 'v2'), step('publish', { irreversible: true }), hold('settle', '1h')])] });

  expect(printPlan(description)).toEqual([
    's/tag (nothing to roll back)',
    '  moves the tag: ? → v2',
    's/publish (cannot be rolled back)',
    '  uses test.publish with version=1.4.0',
    's/settle (hold)',
    '  holds for 1h',
    '',
    'Point of no return: s/publish',
    'Group of runs: test, taken before s/publish. While another run holds it, this one fails.',
    'Minimum duration: 1h of holds.',
    'No gate watches the run: a breach would go unnoticed.',
    'Not checked:',
    '  s/publish: its type has no `verify`',
  ]);
});

test('the printed plan names the channels of the run by their types', async () => {
  const notify = [{ uses: 'test.board', with: {}, events: ['started', 'ended'], at: place }] as const;
  const { description } = await describe({ stages: [stage('s', [target('tag', 'v2')])], notify });

  expect(printPlan(description)).toContain('Notifies: test.board (started, ended)');
});

test('the printed plan says nothing about holds where there are none', async () => {
  const { description } = await describe({ stages: [stage('s', [target('tag', 'v2')])] });

  expect(printPlan(description).join('\n')).not.toContain('holds');
});
