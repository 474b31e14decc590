import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { defineComposite, defineStep, secret } from '../../src/contract/index.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { ValidPipeline } from '../../src/validate/valid-pipeline.ts';
import { pipeline, place, registry, run, secretDeclared, stage, step, text } from './pipelines.ts';

const token = secret('Token.');
const database = defineStep({
  summary: 'Starts a database.',
  with: Type.Object({ password: token }),
  outputs: Type.Object({}),
  rollback: 'nothing',
  onLost: 'retry',
  run: async () => ({}),
  teardown: { scope: 'run', run: async () => undefined },
});
const pair = defineComposite({
  summary: 'Two databases.',
  with: Type.Object({ first: token, second: token }),
  outputs: Type.Object({}),
  unfold({ first, second }, into) {
    into.step('first', { uses: 'test.database', with: { password: first } });
    into.step('second', { uses: 'test.database', with: { password: second } });
    return {};
  },
  rollback({ second }, into) {
    into.step('reset', { uses: 'test.database', with: { password: second } });
  },
});
const withSecrets = {
  ...registry,
  steps: new Map([...registry.steps, ['test.database', database] as const]),
  composites: new Map([...registry.composites, ['test.databases', pair] as const]),
};
const $ = (name: string) => ({ $secret: name });

async function planOf(parts: Partial<ValidPipeline>): Promise<Plan> {
  const built = await buildPlan(pipeline({ registry: withSecrets, secrets: ['A', 'B', 'C'].map((name) => secretDeclared(name)), ...parts }), { inputs: {} });
  if (!built.ok) throw new Error(built.diagnostics.map(({ message }) => message).join('\n'));
  return built.plan;
}

const secretsIn = ({ steps }: Pick<Plan, 'steps'>) => Object.fromEntries(steps.map(({ key, secrets }) => [key, secrets]));

test('a task says which secrets it uses, sorted and each once', async () => {
  const plan = await planOf({ stages: [stage('s', [run('build', 'make', {}, { env: { X: $('B'), Y: $('A'), Z: $('B') } }), run('test', 'make test')])] });

  expect(secretsIn(plan)).toEqual({ 's/build': ['A', 'B'], 's/test': [] });
});

test('a hold, a gate and an approval say nothing about secrets', async () => {
  const wait = step('wait', { action: { kind: 'hold', for: '1m', atEnd: 'wait' } });
  const ask = step('ask', { action: { kind: 'approval', ask: 'Go?', quorum: 1, of: [] } });
  const plan = await planOf({ stages: [stage('s', [wait, ask])] });

  expect(plan.steps.filter((planned) => 'secrets' in planned)).toEqual([]);
});

test('a rollback step says which secrets it uses itself', async () => {
  const rollback = [run('restore', text('${{ saved.image }}'), {}, { env: { KEY: $('C') } }), run('tell', 'tell')];
  const plan = await planOf({ stages: [stage('s', [run('deploy', 'deploy', { rollback }, { env: { KEY: $('A') } })])] });
  const [deploy] = plan.steps;
  if (typeof deploy?.rollback !== 'object') throw new Error('no rollback steps');

  expect(deploy.secrets).toEqual(['A']);
  expect(secretsIn({ steps: deploy.rollback.now })).toEqual({ 's/deploy/rollback/restore': ['C'], 's/deploy/rollback/tell': [] });
});

test('the steps of a composite and its rollback say which of its secrets each of them uses', async () => {
  const databases = step('db', { action: { kind: 'composite', uses: 'test.databases', with: { first: $('A'), second: $('B') } } });
  const plan = await planOf({ stages: [stage('s', [databases])] });
  const { rollback } = plan.groups.find(({ key }) => key === 's/db')!;

  expect(secretsIn(plan)).toMatchObject({ 's/db/first': ['A'], 's/db/second': ['B'] });
  expect(rollback?.now.map(({ secrets }) => secrets)).toEqual([['B']]);
});

test('a teardown uses the secrets of the step that it tears down', async () => {
  const plan = await planOf({ stages: [stage('s', [step('db', { action: { kind: 'task', uses: 'test.database', with: { password: $('A') } } })])] });

  expect(plan.steps.find(({ phase }) => phase === 'teardown')).toMatchObject({ tearsDown: 's/db', secrets: ['A'] });
});

test('a cell of a matrix uses the secrets of its step', async () => {
  const matrix = { axes: { os: ['linux', 'mac'] }, include: [], exclude: [], failFast: true };
  const plan = await planOf({ stages: [stage('s', [run('a', 'x', { matrix }, { env: { KEY: $('C') } })])] });

  expect(secretsIn(plan)).toEqual({ 's/a/os=linux': ['C'], 's/a/os=mac': ['C'] });
});

test('a metric says which secrets it and its baseline use, and a channel which it uses', async () => {
  const metric = { name: 'up', uses: 'http.check', unit: 'yes-no', threshold: {}, noData: 'fail', shadow: false, at: place } as const;
  const headers = (name: string) => ({ headers: { authorization: $(name) } });
  const metrics = [{ ...metric, with: headers('B'), baseline: headers('A') }, { ...metric, name: 'plain', with: {} }];
  const plan = await planOf({
    gates: [{ name: 'health', everyMs: 1_000, metrics, at: place }],
    notify: [{ uses: 'test.mail', with: { password: $('C') }, at: place }],
    stages: [stage('s', [step('a')])],
  });

  expect(plan.gates['health']?.metrics.map(({ secrets }) => secrets)).toEqual([['A', 'B'], []]);
  expect(plan.notify?.map(({ secrets }) => secrets)).toEqual([['C']]);
});
