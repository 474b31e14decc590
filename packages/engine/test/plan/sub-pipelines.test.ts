import { expect, test } from 'vitest';
import { buildPlan } from '../../src/plan/build-plan.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { Action, StepDeclaration, ValidPipeline } from '../../src/validate/valid-pipeline.ts';
import { input, pipeline, run, secretDeclared, stage, step, text, when } from './pipelines.ts';

const include = (id: string, child: ValidPipeline, given: Extract<Action, { kind: 'pipeline' }>['with'] = {}, more: Partial<StepDeclaration> = {}): StepDeclaration =>
  step(id, { action: { kind: 'pipeline', pipeline: child, with: given }, ...more });

const build = (parts: Partial<ValidPipeline>, inputs: Record<string, string> = {}) => buildPlan(pipeline(parts), { inputs });

async function planOf(parts: Partial<ValidPipeline>, inputs: Record<string, string> = {}): Promise<Plan> {
  const built = await build(parts, inputs);
  if (!built.ok) throw new Error(built.diagnostics.map(({ message }) => message).join('\n'));
  return built.plan;
}

const needsOf = ({ steps, groups }: Plan, key: string): readonly string[] | undefined => [...steps, ...groups].find((node) => node.key === key)?.needs;
const failureOf = ({ steps }: Plan, key: string): unknown => steps.find((one) => one.key === key)?.onFailure;

const smoke = pipeline({
  file: '/parts/smoke.pipeline.yaml',
  folder: '/parts',
  inputs: [input('version', 'semver'), input('region', 'string', { default: 'eu', required: false })],
  stages: [stage('basic', [run('health', text('check ${{ inputs.version }} ${{ inputs.region }}'))]), stage('deep', [run('load', 'ab')], { needs: ['basic'] })],
  outputs: { seen: when('inputs.version') },
  finally: [run('clean', 'rm')],
});

test('the stages and steps of a sub-pipeline are nodes of the plan under the key of its step', async () => {
  const plan = await planOf({ stages: [stage('deploy', [include('smoke', smoke, { version: '1.4.0' }), run('after', 'true')])] });
  expect(plan.groups.map(({ key, kind, parent }) => [key, kind, parent])).toEqual([
    ['', 'run', undefined],
    ['deploy', 'stage', ''],
    ['deploy/smoke', 'pipeline', 'deploy'],
    ['deploy/smoke/basic', 'stage', 'deploy/smoke'],
    ['deploy/smoke/deep', 'stage', 'deploy/smoke'],
    ['deploy/smoke/finally', 'finally', 'deploy/smoke'],
  ]);
  expect(plan.steps.map(({ key }) => key)).toEqual(['deploy/smoke/basic/health', 'deploy/smoke/deep/load', 'deploy/smoke/finally/clean', 'deploy/after']);
  expect(needsOf(plan, 'deploy/smoke/deep')).toEqual(['deploy/smoke/basic']);
  expect(plan.pipelines?.['deploy/smoke']).toMatchObject({ file: 'parts/smoke.pipeline.yaml', folder: 'parts', inputs: { version: '1.4.0', region: 'eu' } });
});

test('whatever needs a sub-pipeline, or the stage around it, waits for its finally', async () => {
  const plan = await planOf({
    stages: [stage('deploy', [include('smoke', smoke, { version: '1.4.0' }), run('after', 'true')]), stage('next', [run('go', 'true')], { needs: ['deploy'] })],
  });
  expect(needsOf(plan, 'deploy/after')).toEqual(['deploy/smoke', 'deploy/smoke/finally']);
  expect(needsOf(plan, 'next')).toEqual(['deploy', 'deploy/smoke/finally']);
});

test('an input that follows from the inputs is known in the plan, and one that follows from an output is left to the run', async () => {
  const stages = [
    stage('deploy', [run('make', 'make', {}, { outputs: { version: 'semver' } }), include('smoke', smoke, { version: when('steps.make.outputs.version'), region: text('${{ inputs.region }}-1') })]),
  ];
  const plan = await planOf({ inputs: [input('region', 'string')], stages }, { region: 'us' });
  expect(plan.pipelines?.['deploy/smoke']).toMatchObject({
    inputs: { region: 'us-1' },
    laterInputs: [{ name: 'version', type: 'semver', value: { $expr: 'steps.make.outputs.version' } }],
  });
  const health = plan.steps.find(({ key }) => key === 'deploy/smoke/basic/health');
  expect(JSON.stringify(health?.act)).toContain('inputs.version');
  expect(JSON.stringify(health?.act)).toContain('us-1');
});

test('an input that only the run knows is refused where the plan needs it, at that place and with the step that includes the file', async () => {
  const child = pipeline({
    file: '/child.yaml',
    inputs: [input('regions', 'list')],
    stages: [stage('one', [run('cell', 'true', { matrix: { axes: { region: when('inputs.regions') }, include: [], exclude: [], failFast: true } })])],
  });
  const built = await build({ stages: [stage('deploy', [run('find', 'find', {}, { outputs: { regions: 'list' } }), include('all', child, { regions: when('steps.find.outputs.regions') })])] });
  expect(built).toMatchObject({ ok: false, diagnostics: [{ code: 'REL_MATRIX_AXIS_NOT_KNOWN_YET', related: [{ note: 'step "all" includes this file' }] }] });
});

test('a value that the input does not allow is reported at the step that gives it', async () => {
  const built = await build({ inputs: [input('v', 'string')], stages: [stage('deploy', [include('smoke', smoke, { version: when('inputs.v') })])] }, { v: 'latest' });
  expect(built).toMatchObject({ ok: false, diagnostics: [{ code: 'REL_INPUT_INVALID', message: expect.stringContaining('"latest"') as string }] });
});

test('the nearest on-failure wins: step, stage, step with the sub-pipeline, file of the sub-pipeline, stage around it', async () => {
  const child = (more: Partial<ValidPipeline>) =>
    pipeline({ stages: [stage('own', [run('step', 'true', { onFailure: 'continue' }), run('stage', 'true')], { onFailure: 'stop' }), stage('none', [run('outer', 'true')])], ...more });
  const unset = pipeline({ stages: child({}).stages });
  Reflect.deleteProperty(unset, 'onFailure');
  const parts = (inner: ValidPipeline, more: Partial<StepDeclaration> = {}) => ({ stages: [stage('deploy', [include('sub', inner, {}, more)], { onFailure: 'continue' as const })] });
  const said = await planOf(parts(child({ onFailure: 'stop' }), { onFailure: 'rollback' }));
  expect(['own/step', 'own/stage', 'none/outer'].map((key) => failureOf(said, `deploy/sub/${key}`))).toEqual(['continue', 'stop', 'rollback']);
  expect(failureOf(await planOf(parts(child({ onFailure: 'stop' }))), 'deploy/sub/none/outer')).toBe('stop');
  expect(failureOf(await planOf(parts(unset)), 'deploy/sub/none/outer')).toBe('continue');
  const built = await buildPlan(unset, { inputs: {} });
  expect(built.ok && failureOf(built.plan, 'none/outer')).toBe('rollback');
});

test('two cells of a matrix of sub-pipelines have gates of their own, because their inputs differ', async () => {
  const gate = { name: 'health', everyMs: 1000, at: smoke.stages[0]?.at, metrics: [] } as unknown as ValidPipeline['gates'][number];
  const child = pipeline({ inputs: [input('region', 'string')], gates: [gate], stages: [stage('one', [step('wait', { action: { kind: 'hold', for: '1m', atEnd: 'wait' }, gates: [{ gate: 'health' }] })])] });
  const matrix = { axes: { region: ['eu', 'us'] }, include: [], exclude: [], failFast: true, maxParallel: 1 };
  const plan = await planOf({ gates: [gate], stages: [stage('deploy', [include('all', child, { region: when('matrix.region') }, { matrix, gates: [{ gate: 'health' }] })])] });
  expect(Object.keys(plan.gates)).toEqual(['health', 'deploy/all/region=eu/health', 'deploy/all/region=us/health']);
  expect(plan.steps.map(({ gates }) => gates.map(({ gate: name }) => name))).toEqual([
    ['health', 'deploy/all/region=eu/health'],
    ['health', 'deploy/all/region=us/health'],
  ]);
  expect(plan.groups.find(({ key }) => key === 'deploy/all')).toMatchObject({ kind: 'matrix', maxParallel: 1 });
});

test('the fingerprint covers the text of an included file', async () => {
  const withText = async (source: string) => (await planOf({ stages: [stage('deploy', [include('smoke', pipeline({ ...smoke, source }), { version: '1.4.0' })])] })).fingerprint;
  expect(await withText('# one')).not.toBe(await withText('# two'));
});

test('the secrets of every file are those of the plan', async () => {
  const child = pipeline({ secrets: [secretDeclared('B'), secretDeclared('A')], stages: [stage('one', [run('x', 'true')])] });
  expect((await planOf({ secrets: [secretDeclared('A')], stages: [stage('deploy', [include('sub', child)])] })).secrets).toEqual(['A', 'B']);
});

/** A file with presets, and a secret for each of its environments. */
const server = pipeline({
  file: '/server.yaml',
  inputs: [input('url', 'string'), input('pause', 'duration', { default: '1m' })],
  environments: { staging: { url: 'http://staging', pause: '1s' }, production: { url: 'http://production' } },
  secrets: [secretDeclared('TOKEN', { from: text('${{ run.environment }}_TOKEN') })],
  stages: [stage('one', [run('deploy', 'deploy', {}, { env: { TOKEN: { $secret: 'TOKEN' }, URL: when('inputs.url'), IN: when('run.environment') } })])],
});

test('staging and production of one run are two sub-pipelines, with the presets and the secrets of their environments', async () => {
  const to = (environment: string) => step(environment, { action: { kind: 'pipeline', pipeline: server, with: {}, environment } });
  const plan = await planOf({ stages: [stage('deploy', [to('staging'), to('production')])] });
  const envOf = (key: string) => (plan.steps.find((one) => one.key === key)?.act as unknown as { with: { env: unknown } }).with.env;
  expect(envOf('deploy/staging/one/deploy')).toEqual({ TOKEN: { $secret: 'TOKEN' }, URL: 'http://staging', IN: 'staging' });
  expect(envOf('deploy/production/one/deploy')).toEqual({ TOKEN: { $secret: 'production_TOKEN' }, URL: 'http://production', IN: 'production' });
  expect(plan).toMatchObject({ secrets: ['TOKEN', 'production_TOKEN'], secretVariables: { TOKEN: 'staging_TOKEN' } });
  expect(plan.pipelines?.['deploy/production']).toMatchObject({ environment: 'production', inputs: { url: 'http://production', pause: '1m' } });
});

test('a step chooses an environment of a file that has some, and no other; what it gives itself counts more than the preset', async () => {
  const codes = async (more: object) => {
    const built = await build({ stages: [stage('deploy', [step('a', { action: { kind: 'pipeline', pipeline: server, with: {}, ...more } })])] });
    return built.ok ? built.plan.pipelines?.['deploy/a']?.inputs : built.diagnostics.map(({ code }) => code);
  };
  expect(await codes({})).toEqual(['REL_PIPELINE_ENVIRONMENT']);
  expect(await codes({ environment: 'test' })).toEqual(['REL_PIPELINE_ENVIRONMENT']);
  expect(await codes({ environment: 'staging', with: { url: 'http://other' } })).toEqual({ url: 'http://other', pause: '1s' });
});
