import { expect, test } from 'vitest';
import type { TeardownScope } from '../../src/contract/index.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import { describePlan } from '../../src/plan/describe-plan.ts';
import { printPlan } from '../../src/plan/print-plan.ts';
import { verifyPlan } from '../../src/plan/verify-plan.ts';
import type { StepDeclaration, ValidPipeline } from '../../src/validate/valid-pipeline.ts';
import { pipeline, run, stage, step } from './pipelines.ts';

const service = (id: string, scope: TeardownScope, more: Partial<StepDeclaration> = {}): StepDeclaration =>
  step(id, { action: { kind: 'task', uses: `test.service-${scope}`, with: {} }, ...more });

async function plan(parts: Partial<ValidPipeline>) {
  const built = await buildPlan(pipeline(parts), { inputs: {} });
  if (!built.ok) throw new Error(built.diagnostics.map(({ message }) => message).join('\n'));
  return built.plan;
}

const needsOf = async (parts: Partial<ValidPipeline>) => Object.fromEntries((await plan(parts)).steps.map(({ key, needs }) => [key, needs]));

test('a service of a stage is torn down in a group after the stage, and the next stage needs that', async () => {
  const built = await plan({ stages: [stage('a', [service('db', 'stage'), run('tests', 'x')]), stage('b', [run('up', 'x')], { needs: ['a'] })] });

  expect(built.groups.map(({ key, kind, parent, needs }) => [key, kind, parent, needs])).toEqual([
    ['', 'run', undefined, []],
    ['a', 'stage', '', []],
    ['a:teardown', 'teardown', 'a', []],
    ['b', 'stage', '', ['a', 'a:teardown']],
  ]);
  expect(built.steps.map(({ key }) => key)).toEqual(['a/db', 'a/tests', 'a/db:teardown', 'b/up']);
  expect(built.steps[0]).toMatchObject({ teardown: 'stage' });
  expect(built.steps[2]).toMatchObject({ phase: 'teardown', tearsDown: 'a/db', group: 'a:teardown', needs: [], onLost: 'retry', retry: { attempts: 3 } });
});

test('a service of a step is torn down right after the step, and whatever needs the step needs that', async () => {
  expect(await needsOf({ stages: [stage('a', [service('scan', 'step'), run('next', 'x')])] })).toEqual({
    'a/scan': [],
    'a/scan:teardown': ['a/scan'],
    'a/next': ['a/scan', 'a/scan:teardown'],
  });
});

test('a service of a run is torn down after its finally, in whatever stage it was started', async () => {
  const built = await plan({ stages: [stage('a', [service('tunnel', 'run')]), stage('b', [service('app', 'run')], { needs: ['a'] })], finally: [run('note', 'x')] });

  expect(built.steps.map(({ key, needs }) => [key, needs]).slice(2)).toEqual([
    ['finally/note', []],
    ['b/app:teardown', []],
    ['a/tunnel:teardown', ['b/app:teardown']],
  ]);
  expect(built.groups.at(-1)).toMatchObject({ key: 'teardown:run', kind: 'teardown', parent: '' });
  expect(built.groups.find(({ key }) => key === 'b')?.needs).toEqual(['a']);
});

test('a service is torn down after the services that depend on it by themselves or through a group around them', async () => {
  const parallel = { parallel: true };
  const steps = [
    service('db', 'stage'),
    service('cache', 'stage'),
    service('app', 'stage', { needs: ['db'], matrix: { axes: { n: [1, 2] }, include: [], exclude: [], failFast: true } }),
  ];
  const needs = await needsOf({ stages: [stage('a', steps, parallel)] });
  expect(needs['a/db:teardown']?.toSorted()).toEqual(['a/app/n=1:teardown', 'a/app/n=2:teardown']);
  expect([needs['a/cache:teardown'], needs['a/app/n=1:teardown'], needs['a/app/n=2:teardown']]).toEqual([[], [], []]);
});

test('a service that a finally starts is torn down before the services that the finally depends on', async () => {
  const needs = await needsOf({ stages: [stage('a', [service('db', 'stage')], { finally: [service('dump', 'stage')] })] });
  expect(needs).toMatchObject({ 'a/db:teardown': ['a/finally/dump:teardown'], 'a/finally/dump:teardown': [] });
});

test('the children of a composite are torn down where their scope ends', async () => {
  const pair = step('pair', { action: { kind: 'composite', uses: 'test.pair', with: {} } });
  const built = await plan({ stages: [stage('a', [pair, run('next', 'x')])] });
  expect(built.steps.map(({ key, group, needs }) => [key, group, needs])).toEqual([
    ['a/pair/first', 'a/pair', []],
    ['a/pair/first:teardown', 'a/pair', ['a/pair/first']],
    ['a/pair/second', 'a/pair', ['a/pair/first', 'a/pair/first:teardown']],
    ['a/next', 'a', ['a/pair']],
    ['a/pair/second:teardown', 'a:teardown', []],
  ]);
});

test('a service that a rollback starts is torn down at the end of the run', async () => {
  const back = service('back', 'step');
  const built = await plan({ stages: [stage('a', [run('up', 'x', { rollback: [back] })])] });
  expect(built.steps.at(-1)).toMatchObject({ key: 'a/up/rollback/back:teardown', group: 'teardown:run', tearsDown: 'a/up/rollback/back' });
});

test('a plan without services has no teardown', async () => {
  const built = await plan({ stages: [stage('a', [run('up', 'x')])] });
  expect(built.groups.map(({ kind }) => kind)).toEqual(['run', 'stage']);
  expect(built.steps[0]).not.toHaveProperty('teardown');
});

test('the printed plan says once when a service is torn down, and nothing is verified twice', async () => {
  const parts = pipeline({ stages: [stage('a', [service('scan', 'step'), service('db', 'stage'), service('tunnel', 'run')])] });
  const built = await plan(parts);
  const check = await verifyPlan(built, parts, { contextFor: () => ({}) as never, isOver: new Promise(() => undefined), secrets: {}, now: 0 });
  expect(printPlan(describePlan(built, check)).slice(0, 7)).toEqual([
    'a/scan (nothing to roll back; torn down when it has ended)',
    '  uses test.service-step',
    'a/db (nothing to roll back; torn down at the end of its stage)',
    '  uses test.service-stage',
    'a/tunnel (nothing to roll back; torn down at the end of the run)',
    '  uses test.service-run',
    '',
  ]);
  expect(check.unchecked.map(({ key }) => key)).toEqual(['a/scan', 'a/db', 'a/tunnel']);
});
