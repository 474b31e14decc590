import { expect, test } from 'vitest';
import type { Preview } from '../../src/contract/index.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import { describePlan } from '../../src/plan/describe-plan.ts';
import { printPlan } from '../../src/plan/print-plan.ts';
import type { MetricDeclaration, StepDeclaration, ValidPipeline } from '../../src/validate/valid-pipeline.ts';
import { hour, input, minute, pipeline, place, run, secretDeclared, stage, step, text, when } from './pipelines.ts';

async function linesOf(parts: Partial<ValidPipeline>, inputs = {}, previews: Readonly<Record<string, Preview>> = {}) {
  const built = await buildPlan(pipeline(parts), { inputs });
  if (!built.ok) throw new Error(built.diagnostics.map(({ message }) => message).join('\n'));
  const lines = printPlan(describePlan(built.plan, { findings: [], previews: new Map(Object.entries(previews)), windows: [], unchecked: [] }));
  const afterInputs = lines[0]?.startsWith('Inputs') ? lines.slice(lines.indexOf('') + 1) : lines;
  return { lines: afterInputs, steps: afterInputs.slice(0, afterInputs.indexOf('')) };
}

const metric: MetricDeclaration = {
  name: 'errors', uses: 'relpipe.command', with: { command: 'count "${RELPIPE_1}"', variables: { RELPIPE_1: text('${{ inputs.version }}') } },
  unit: 'count', threshold: {}, noData: 'fail', shadow: false, at: place,
};
const inputs = [input('version', 'semver')];

test('the plan shows the question, who may answer, and until when', async () => {
  const ask = (id: string, of: readonly string[], quorum: number, more: Partial<StepDeclaration> = {}) =>
    step(id, { action: { kind: 'approval', ask: text('Put ${{ inputs.version }} live?'), quorum, ...(of.length > 0 && { of: of.map((group) => ({ group })) }) }, ...more });
  const stages = [stage('a', [ask('sure', ['managers'], 2, { timeoutMs: 36 * hour }), ask('anybody', [], 1, { onFailure: 'pause' })])];

  expect((await linesOf({ inputs, groups: { managers: { people: ['lead', 'engineer'] } }, stages }, { version: '1.4.0' })).steps).toEqual([
    'a/sure (approval)',
    '  asks: Put 1.4.0 live?',
    '  2 approvals by lead or engineer; without an answer after 36h, it counts as rejected',
    'a/anybody (approval)',
    '  asks: Put 1.4.0 live?',
    '  1 approval by anybody; without an answer after 72h, it counts as rejected',
    '  when it fails: pause',
  ]);
});

test('the plan shows each command with its values, and the command that rolls it back', async () => {
  const variables = { RELPIPE_1: text('${{ inputs.version }}'), RELPIPE_2: text('${{ steps.build.outputs.digest }}') };
  const env = { TOKEN: { $secret: 'TOKEN' } };
  const publish = run('publish', 'publish "${RELPIPE_1}" "as ${RELPIPE_2}"', {
    when: when('steps.build.outputs.digest != ""'),
    rollback: [run('withdraw', ['withdraw', text('${{ inputs.version }}')])],
    timeoutMs: 2 * minute,
  }, { variables, env, workdir: 'site' });
  const stages = [stage('a', [run('build', 'make\nmake test\n', { rollback: 'none' }, { outputs: { digest: 'string' } }), publish])];

  expect((await linesOf({ inputs, secrets: [secretDeclared('TOKEN')], stages }, { version: '1.4.0' })).steps).toEqual([
    'a/build (nothing to roll back)',
    '  runs:',
    '    make',
    '    make test',
    'a/publish (rolled back by steps of its own)',
    '  only when steps.build.outputs.digest != ""',
    '  runs: publish 1.4.0 "as ${{ steps.build.outputs.digest }}"',
    '  in the folder site',
    '  with TOKEN=${{ secrets.TOKEN }}',
    '  each attempt takes at most 2m',
    '  rolled back by',
    '    withdraw: runs: withdraw 1.4.0',
  ]);
});

test('the first 20 lines of a long script are shown', async () => {
  const script = Array.from({ length: 30 }, (_, n) => `echo ${n}`).join('\n');
  const { steps } = await linesOf({ stages: [stage('a', [run('long', script)])] });
  expect(steps.slice(-2)).toEqual(['    echo 19', '    … 10 more lines']);
});

test('the plan shows how long a hold is, which gates watch it, and their limits', async () => {
  const limit = (value: number) => ({ kind: 'absolute', value, text: String(value) }) as const;
  const threshold = { max: limit(5), critical: limit(9), violations: { moreThan: 3, withinMs: 10 * minute } };
  const gates = [
    { name: 'health', everyMs: 30_000, metrics: [{ ...metric, threshold, minSamples: 20 }, { ...metric, name: 'seen', uses: 'test.seen', unit: 'yes-no' as const, shadow: true }], at: place },
    { name: 'unused', everyMs: 1_000, metrics: [metric], at: place },
  ];
  const watch = step('watch', { action: { kind: 'hold', for: '47m', atEnd: 'fail' }, gates: [{ gate: 'health', onFailure: 'pause' }] });
  const wait = step('wait', { action: { kind: 'gate' }, gates: [{ gate: 'health' }], timeoutMs: hour });
  const { lines } = await linesOf({ inputs, gates, stages: [stage('a', [watch, wait])] }, { version: '1.4.0' });

  expect(lines.slice(0, 12)).toEqual([
    'a/watch (hold)',
    '  holds for 47m',
    '  if its gates do not pass by then, it fails',
    '  watched by health (when it fails: pause)',
    'a/wait (gate)',
    '  waits for a conclusive answer, at most 1h',
    '  watched by health',
    '',
    'Gates:',
    '  health, every 30s:',
    '    errors (count 1.4.0): unit count, max 5, critical 9, more than 3 violations within 10m, at least 20 samples, without data: fail',
    '    seen (test.seen): without data: fail, never decides',
  ]);
});

const canary = (id: string, weight: string) =>
  step(id, { action: { kind: 'composite', uses: 'test.canary', with: { phases: [{ weight, hold: '1m' }] } } });

test('the plan shows once how a composite is rolled back, immediately and in stages', async () => {
  const { steps } = await linesOf({ stages: [stage('p', [canary('canary', '10%')])] });
  expect(steps.slice(-5)).toEqual([
    'p/canary is rolled back as one in stages by',
    '  1-shift: uses test.shift with weight=10%',
    '  restore: uses test.shift with weight=0%',
    '  or at once by',
    '  restore: uses test.shift with weight=0%',
  ]);
});

test('a step starts from what an earlier step of the plan leaves, not from what is there now', async () => {
  const preview = (from: string, to: string): Preview => ({ change: 'change the share', from, to });
  const previews = { 'p/one/1-shift': preview('0%', '5%'), 'p/two/1-shift': preview('0%', '25%'), 'q/three/1-shift': preview('0%', '30%') };
  const stages = [stage('p', [canary('one', '5%'), canary('two', '25%')]), stage('q', [canary('three', '30%')])];
  const { steps } = await linesOf({ stages }, {}, previews);

  expect(steps.filter((line) => line.includes('change the share'))).toEqual([
    '  change the share: 0% → 5%',
    '  change the share: 5% → 25%',
    '  change the share: 0% → 30%',
  ]);
});

test('a step that does not run leaves nothing for the next one', async () => {
  const shift = (id: string, weight: string, more = {}) => step(id, { action: { kind: 'task', uses: 'test.shift', with: { weight } }, ...more });
  const previews = { 'p/one': { change: 'share', from: '0%', to: '5%' }, 'p/two': { change: 'share', from: '0%', to: '25%' } };
  const stages = [stage('p', [shift('one', '5%', { when: when('false') }), shift('two', '25%')])];
  expect((await linesOf({ stages }, {}, previews)).steps).toContain('  share: 0% → 25%');
});
