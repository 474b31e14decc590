import { Type } from 'typebox';
import { describe, expect, test } from 'vitest';
import { defineComposite } from '../../src/contract/index.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import type { Value } from '../../src/expressions/value.ts';
import type { StepDeclaration, ValidPipeline } from '../../src/validate/valid-pipeline.ts';
import { hour, input, minute, pipeline, place, registry, run, stage, step, text } from './pipelines.ts';

const canary = (config: Value, more: Partial<StepDeclaration> = {}): StepDeclaration =>
  step('canary', { action: { kind: 'composite', uses: 'test.canary', with: config }, ...more });

async function plan(parts: Partial<ValidPipeline>, inputs: Record<string, string> = {}) {
  const built = await buildPlan(pipeline(parts), { inputs });
  if (!built.ok) throw new Error(built.diagnostics.map(({ message }) => message).join('\n'));
  return built.plan;
}

const phases = [
  { weight: '10%', hold: '24h' },
  { weight: '100%', hold: '1h30m' },
];

test('a composite becomes a group of steps, one after the other, in canonical values', async () => {
  const built = await plan({ stages: [stage('production', [canary({ phases })])] });

  expect(built.groups.at(-1)).toMatchObject({ key: 'production/canary', kind: 'composite', parent: 'production' });
  expect(built.steps.map(({ key, needs, group }) => [key, needs, group])).toEqual([
    ['production/canary/1-shift', [], 'production/canary'],
    ['production/canary/1-hold', ['production/canary/1-shift'], 'production/canary'],
    ['production/canary/2-shift', ['production/canary/1-hold'], 'production/canary'],
    ['production/canary/2-hold', ['production/canary/2-shift'], 'production/canary'],
  ]);
  expect(built.steps[0]!.act).toMatchObject({ act: 'task', uses: 'test.shift', with: { weight: '10%' } });
  expect(built.steps[3]!.act).toEqual({ act: 'hold', for: '1h30m', atEnd: 'wait' });
});

test('children read each other by key, and the outputs of the composite come from them', async () => {
  const built = await plan({ stages: [stage('production', [canary({ phases })])] });

  expect(built.steps[2]!.act).toMatchObject({
    with: { weight: '100%', from: { $expr: 'outputs["production/canary/1-shift"].weight', reads: ['production/canary/1-shift'] } },
  });
  expect(built.named['canary']).toEqual({
    kind: 'composite',
    group: 'production/canary',
    outputs: { weight: { $expr: 'outputs["production/canary/2-shift"].weight', reads: ['production/canary/2-shift'] } },
  });
});

test('single values of a shape may be known only in the run', async () => {
  const later = [{ weight: text('${{ steps.pick.outputs.weight }}'), hold: text('${{ inputs.phase }}') }];
  const pick = run('pick', 'x', {}, { outputs: { weight: 'percent' } });
  const built = await plan({ inputs: [input('phase', 'duration')], stages: [stage('p', [pick, canary({ phases: later })])] }, { phase: '90m' });

  expect(built.steps[1]!.act).toMatchObject({ with: { weight: { $expr: 'steps.pick.outputs.weight', reads: ['pick'] } } });
  expect(built.steps[2]!.act).toMatchObject({ for: '1h30m' });
});

test('a shape that only the run knows is a finding', async () => {
  const later = { phases: text('${{ steps.pick.outputs.phases }}') };
  const stages = [stage('p', [run('pick', 'x', {}, { outputs: { phases: 'list' } }), canary(later)])];
  const built = await buildPlan(pipeline({ stages }), { inputs: {} });

  expect(built).toMatchObject({ ok: false, diagnostics: [{ code: 'REL_VALUE_NOT_KNOWN_YET', at: { line: 42 } }] });
});

test('the gates of a composite watch every child, and a child adds its own', async () => {
  const gate = (name: string) => ({ name, everyMs: 1, metrics: [], at: step('x').at });
  const composite = canary({ phases, gates: ['latency'] }, { gates: [{ gate: 'health', onFailure: 'pause' }] });
  const built = await plan({ gates: [gate('health'), gate('latency')], stages: [stage('p', [composite])] });

  expect(built.steps[0]!.gates).toEqual([{ gate: 'health', onFailure: 'pause' }]);
  expect(built.steps[1]!.gates).toEqual([{ gate: 'health', onFailure: 'pause' }, { gate: 'latency' }]);
});

test('a child with a gate that the pipeline does not have is a finding', async () => {
  const built = await buildPlan(pipeline({ stages: [stage('p', [canary({ phases, gates: ['nope'] })])] }), { inputs: {} });

  expect(built).toMatchObject({ ok: false, diagnostics: [{ code: 'REL_UNFOLD_FAILED' }, { code: 'REL_UNFOLD_FAILED' }] });
});

test('a composite is rolled back as one, immediately or in stages', async () => {
  const built = await plan({ stages: [stage('p', [canary({ phases })])] });
  const { rollback } = built.groups.at(-1)!;

  expect(rollback!.now.map(({ key }) => key)).toEqual(['p/canary/rollback-now/restore']);
  expect(rollback!.staged!.map(({ key, needs, phase }) => [key, needs, phase])).toEqual([
    ['p/canary/rollback-staged/1-shift', [], 'rollback'],
    ['p/canary/rollback-staged/restore', ['p/canary/rollback-staged/1-shift'], 'rollback'],
  ]);
  expect(rollback!.staged![0]!.act).toMatchObject({ with: { weight: '10%' } });
});

test('a composite that cannot be rolled back makes every child so', async () => {
  const built = await plan({ stages: [stage('p', [canary({ phases }, { irreversible: true })])] });

  expect(built.groups.at(-1)!.rollback).toBeUndefined();
  expect(built.steps[0]!.rollback).toBe('impossible');
});

test('a composite with a matrix becomes one composite for each cell', async () => {
  const matrix = { axes: { region: ['eu', 'us'] }, include: [], exclude: [], failFast: false };
  const built = await plan({ stages: [stage('p', [canary({ phases: phases.slice(0, 1) }, { matrix })])] });

  expect(built.groups.slice(2).map(({ key, kind, parent }) => [key, kind, parent])).toEqual([
    ['p/canary', 'matrix', 'p'],
    ['p/canary/region=eu', 'composite', 'p/canary'],
    ['p/canary/region=us', 'composite', 'p/canary'],
  ]);
  expect(built.steps.map(({ key }) => key)).toContain('p/canary/region=us/1-shift');
});

test('a question of a composite is asked to the people of its groups, until its timeout', async () => {
  const approval = { question: text('Go on with ${{ inputs.version }}?'), approvers: { count: 2, of: ['managers'] }, timeout: '8h' };
  const groups = { managers: { people: ['ann', 'bob'] } };
  const stages = [stage('p', [canary({ phases: [{ ...phases[0], approval: { question: 'Begin?' } }, { ...phases[1], approval }] })])];
  const built = await plan({ groups, inputs: [input('version', 'semver')], stages }, { version: '1.4.0' });

  expect(built.steps.filter(({ act }) => act.act === 'approval').map(({ key, act, timeoutMs }) => ({ key, act, timeoutMs }))).toEqual([
    { key: 'p/canary/1-approval', act: { act: 'approval', ask: 'Begin?', quorum: 1, of: [] }, timeoutMs: 72 * hour },
    { key: 'p/canary/2-approval', act: { act: 'approval', ask: 'Go on with 1.4.0?', quorum: 2, of: ['ann', 'bob'] }, timeoutMs: 8 * hour },
  ]);
});

test.each([
  ['a group that the pipeline does not have', { of: ['nobody'] }, 'REL_UNFOLD_FAILED'],
  ['more people than the groups have', { count: 3, of: ['managers'] }, 'REL_APPROVERS_TOO_FEW'],
])('a question of a composite to %s is a finding', async (_, approvers, code) => {
  const stages = [stage('p', [canary({ phases: [{ ...phases[0], approval: { question: 'Begin?', approvers } }] })])];
  const built = await buildPlan(pipeline({ groups: { managers: { people: ['ann', 'bob'] } }, stages }), { inputs: {} });

  expect(built).toMatchObject({ ok: false, diagnostics: [{ code, at: { line: 41 } }] });
});

describe('a composite that waits for gates', () => {
  const careful = defineComposite({
    summary: 'Waits before it shifts.',
    with: Type.Object({ gates: Type.Array(Type.String()) }),
    outputs: Type.Object({}),
    unfold({ gates }, into) {
      into.gate('wait', { gates: gates as string[] });
      into.step('shift', { uses: 'test.shift', with: { weight: 10 } });
      return {};
    },
  });
  const known = { ...registry, composites: new Map([['test.careful', careful]]) };
  const gates = ['calm', 'health'].map((name) => ({ name, everyMs: minute, metrics: [], at: place }));
  const waitingFor = (...names: readonly string[]) => {
    const action = { kind: 'composite', uses: 'test.careful', with: { gates: names } } as const;
    return { registry: known, gates, stages: [stage('s', [step('canary', { action, gates: [{ gate: 'health' }] })])] };
  };

  test('its gate step waits for these gates only, and those of the composite watch the other children', async () => {
    const { steps } = await plan(waitingFor('calm'));
    expect(steps.map(({ key, act, gates: own, timeoutMs }) => [key, act.act, own, timeoutMs])).toEqual([
      ['s/canary/wait', 'gate', [{ gate: 'calm' }], 15 * minute],
      ['s/canary/shift', 'task', [{ gate: 'health' }], undefined],
    ]);
  });

  test('a gate that the file does not have is a finding', async () => {
    const built = await buildPlan(pipeline(waitingFor('clam')), { inputs: {} });
    expect(built).toMatchObject({ ok: false, diagnostics: [{ code: 'REL_UNFOLD_FAILED', message: expect.stringContaining('the gate "clam"') as string }] });
  });
});
