import { expect, test } from 'vitest';
import { buildPlan, type PlanOptions } from '../../src/plan/build-plan.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { ValidPipeline } from '../../src/validate/valid-pipeline.ts';
import { hour, input, minute, pipeline, run, stage, step, text, when } from './pipelines.ts';

async function plan(parts: Partial<ValidPipeline>, inputs: PlanOptions['inputs'] = {}): Promise<Plan> {
  const built = await buildPlan(pipeline(parts), { inputs });
  if (!built.ok) throw new Error(built.diagnostics.map(({ message }) => message).join('\n'));
  return built.plan;
}

async function findings(parts: Partial<ValidPipeline>, inputs: PlanOptions['inputs'] = {}) {
  const built = await buildPlan(pipeline(parts), { inputs });
  return built.ok ? [] : built.diagnostics;
}

const stepOf = (built: Plan, key: string) => built.steps.find((planned) => planned.key === key)!;
const groupOf = (built: Plan, key: string) => built.groups.find((group) => group.key === key)!;
const configOf = (built: Plan, key: string) => {
  const { act } = stepOf(built, key);
  return act.act === 'task' ? act.with : undefined;
};

test('steps of a stage run one after the other', async () => {
  const built = await plan({ stages: [stage('build', [step('a'), step('b'), step('c')])] });

  expect(built.steps.map(({ key, needs }) => [key, needs])).toEqual([
    ['build/a', []],
    ['build/b', ['build/a']],
    ['build/c', ['build/b']],
  ]);
});

test('steps of a parallel stage wait only for the steps they need, and come after them in the plan', async () => {
  const built = await plan({ stages: [stage('build', [step('a', { needs: ['c'] }), step('b'), step('c')], { parallel: true })] });

  expect(built.steps.map(({ key, needs }) => [key, needs])).toEqual([
    ['build/c', []],
    ['build/a', ['build/c']],
    ['build/b', []],
  ]);
});

test('stages come in the order of their needs, under the group of the run', async () => {
  const built = await plan({ stages: [stage('late', [step('b')], { needs: ['early'] }), stage('early', [step('a')])] });

  expect(built.groups.map(({ key, parent, needs }) => [key, parent, needs])).toEqual([
    ['', undefined, []],
    ['early', '', []],
    ['late', '', ['early']],
  ]);
});

test('an expression that reads only inputs is evaluated when the plan is built, and one that reads a step waits for the run', async () => {
  const built = await plan(
    {
      inputs: [input('version', 'semver')],
      stages: [
        stage('build', [
          step('publish', { action: { kind: 'task', uses: 'test.publish', with: { version: text('${{ inputs.version }}') } } }),
          step('tell', { action: { kind: 'task', uses: 'test.notify', with: { text: text('v${{ inputs.version }} is ${{ steps.publish.outputs.digest }}') } } }),
        ]),
      ],
    },
    { version: '1.4.0' },
  );

  expect(configOf(built, 'build/publish')).toEqual({ version: '1.4.0' });
  expect(configOf(built, 'build/tell')).toEqual({
    text: { $text: ['v', '1.4.0', ' is ', { $expr: 'steps.publish.outputs.digest', reads: ['publish'] }] },
  });
  expect(built.named['publish']).toEqual({ kind: 'step', step: 'build/publish' });
  expect(built.types.steps['publish']).toEqual({ outputs: { digest: 'string' } });
});

test('quantities have one form in the plan, whether they come from the file or from an input', async () => {
  const config = { weight: '10.0%', from: text('${{ inputs.weight }}') };
  const shift = step('shift', { action: { kind: 'task', uses: 'test.shift', with: config } });
  const built = await plan({ inputs: [input('weight', 'percent')], stages: [stage('s', [shift])] }, { weight: '05%' });

  expect(configOf(built, 's/shift')).toEqual({ weight: '10%', from: '5%' });
});

test('a condition that reads only inputs is true or false in the plan', async () => {
  const built = await plan(
    { inputs: [input('version', 'semver')], stages: [stage('approve', [step('a')], { when: when('inputs.version.bump(semver("1.4.0")) != "patch"') })] },
    { version: '1.4.2' },
  );

  expect(groupOf(built, 'approve').when).toEqual({ $expr: 'false', reads: [] });
});

test('an expression that reads an input without a value is a finding at its place', async () => {
  const [finding] = await findings({
    inputs: [input('phase', 'duration')],
    stages: [stage('s', [step('wait', { action: { kind: 'hold', for: text('${{ inputs.phase }}'), atEnd: 'wait' } })])],
  });

  expect(finding).toMatchObject({ code: 'REL_INPUT_WITHOUT_VALUE', at: { line: 41 } });
  expect(finding!.message).toContain('"inputs.phase" has no value');
});

test('a step type decides about retry, probe, state and rollback of its steps', async () => {
  const built = await plan({ stages: [stage('s', [step('publish')])] });

  expect(stepOf(built, 's/publish')).toMatchObject({
    retry: { attempts: 3 },
    onLost: 'probe',
    savesState: true,
    rollback: 'automatic',
    onFailure: 'rollback',
    act: { attemptTimeoutMs: 10 * minute },
  });
});

test('a command is tried once, has no rollback, and a person is asked when it was lost', async () => {
  const built = await plan({ stages: [stage('s', [run('test', 'pytest')])] });

  expect(stepOf(built, 's/test')).toMatchObject({ retry: { attempts: 1 }, onLost: 'ask', savesState: false, rollback: 'unknown' });
});

test('a step that asks when it is lost is tried once whatever its retry says', async () => {
  const retry = { attempts: 5, firstMs: 1, maxMs: 1 };
  const notify = step('tell', { retry, action: { kind: 'task', uses: 'test.notify', with: { text: 'x' } } });

  expect(stepOf(await plan({ stages: [stage('s', [notify])] }), 's/tell').retry.attempts).toBe(1);
});

test('the plan records how many runs in a row may be lost: as the step says, else as the defaults do', async () => {
  const defaults = { timeoutMs: 10 * minute, retry: { attempts: 3, firstMs: 2_000, maxMs: minute, losses: 4 } };
  const told = step('tell', { retry: { losses: 7 }, action: { kind: 'task', uses: 'test.notify', with: { text: 'x' } } });
  const rollback = [run('restore', 'restore', { retry: { losses: 9 } }), run('tidy', 'tidy')];
  const built = await plan({ defaults, stages: [stage('s', [step('a', { retry: { losses: 20 } }), step('b'), run('c', 'make', { retry: { losses: 2 }, rollback }), run('d', 'make'), told])] });

  expect(built.steps.map(({ id, retry: { attempts, losses } }) => [id, attempts, losses])).toEqual([
    ['a', 3, 20],
    ['b', 3, 4],
    ['c', 1, 2],
    ['d', 1, 4],
    ['tell', 1, 7],
  ]);
  const { rollback: restoring } = stepOf(built, 's/c');
  expect(typeof restoring === 'object' && restoring.now.map(({ retry: { attempts, losses } }) => [attempts, losses])).toEqual([[3, 9], [3, 4]]);
});

test('irreversible is stronger than what the step type says, and `rollback: none` leaves nothing to roll back', async () => {
  const built = await plan({ stages: [stage('s', [step('a', { irreversible: true }), step('b', { rollback: 'none' })])] });

  expect(built.steps.map(({ rollback }) => rollback)).toEqual(['impossible', 'nothing']);
});

test('the nearest on-failure wins: step, stage, run', async () => {
  const built = await plan({
    onFailure: 'stop',
    stages: [stage('a', [step('x'), step('y', { onFailure: 'continue' })], { onFailure: 'pause' }), stage('b', [step('z')])],
  });

  expect(built.steps.map(({ onFailure }) => onFailure)).toEqual(['pause', 'continue', 'stop']);
});

test('rollback steps run one after the other, and read the state and the outputs of the step that they roll back', async () => {
  const steps = [
    run('restore', text('${{ saved.image }}'), {}, { env: { DIGEST: text('${{ default(outputs.digest, "none") }}') } }),
    run('tell-them', text('${{ steps.restore.outputs.text }}')),
  ];
  const built = await plan({ stages: [stage('s', [run('deploy', 'deploy', { rollback: steps })])] });
  const { rollback } = stepOf(built, 's/deploy');
  if (typeof rollback !== 'object') throw new Error('no rollback steps');

  expect(rollback.staged).toBeUndefined();
  expect(rollback.now.map(({ key, needs, phase, onLost }) => [key, needs, phase, onLost])).toEqual([
    ['s/deploy/rollback/restore', [], 'rollback', 'retry'],
    ['s/deploy/rollback/tell-them', ['s/deploy/rollback/restore'], 'rollback', 'retry'],
  ]);
  expect(rollback.now[0]!.act).toMatchObject({
    with: {
      command: { $expr: 'saved["s/deploy"].image', reads: ['s/deploy'] },
      env: { DIGEST: { $expr: 'default(outputs["s/deploy"].digest, "none")', reads: ['s/deploy'] } },
    },
  });
  expect(rollback.now[1]!.act).toMatchObject({
    with: { command: { $expr: 'outputs["s/deploy/rollback/restore"].text', reads: ['s/deploy/rollback/restore'] } },
  });
});

test('a matrix is a group with one step per cell, its values filled in', async () => {
  const unit = run('unit', text('pytest ${{ matrix.python }}'), {
    matrix: { axes: { python: ['3.10', '3.11'] }, include: [], exclude: [], maxParallel: 2, failFast: true },
  });
  const built = await plan({ stages: [stage('quality', [unit, step('after')])] });

  expect(groupOf(built, 'quality/unit')).toMatchObject({ kind: 'matrix', parent: 'quality', maxParallel: 2, failFast: true });
  expect(built.steps.map(({ key, needs }) => [key, needs])).toEqual([
    ['quality/unit/python=3.10', []],
    ['quality/unit/python=3.11', []],
    ['quality/after', ['quality/unit']],
  ]);
  expect(configOf(built, 'quality/unit/python=3.10')).toEqual({ command: 'pytest 3.10' });
  expect(built.named['unit']).toEqual({
    kind: 'matrix',
    cells: ['3.10', '3.11'].map((python) => ({ matrix: { python }, named: { kind: 'step', step: `quality/unit/python=${python}` } })),
  });
});

test('an axis of a matrix may come from an input', async () => {
  const unit = run('unit', 'pytest', { matrix: { axes: { python: when('inputs.pythons') }, include: [], exclude: [], failFast: true } });
  const built = await plan({ inputs: [input('pythons', 'list')], stages: [stage('q', [unit])] }, { pythons: '3.12,3.13' });

  expect(built.steps.map(({ key }) => key)).toEqual(['q/unit/python=3.12', 'q/unit/python=3.13']);
});

test('the condition of a step with a matrix is on its group, unless it reads the cell', async () => {
  const matrix = { axes: { os: ['linux', 'mac'] }, include: [], exclude: [], failFast: false };
  const stages = [stage('s', [run('a', 'x', { matrix, when: when('inputs.on') }), run('b', 'x', { matrix, when: when('matrix.os == "mac"') })])];
  const built = await plan({ inputs: [input('on', 'boolean')], stages }, { on: 'true' });

  expect(groupOf(built, 's/a').when).toEqual({ $expr: 'true', reads: [] });
  expect(stepOf(built, 's/a/os=linux').when).toBeUndefined();
  expect(groupOf(built, 's/b').when).toBeUndefined();
  expect(stepOf(built, 's/b/os=linux').when).toEqual({ $expr: 'false', reads: [] });
});

test('the finally of a stage and of the run come after their other steps', async () => {
  const built = await plan({ stages: [stage('s', [step('a')], { finally: [step('clean')] })], finally: [step('page'), step('log')] });

  expect(built.groups.filter(({ kind }) => kind === 'finally').map(({ key, parent }) => [key, parent])).toEqual([
    ['s/finally', 's'],
    ['finally', ''],
  ]);
  expect(built.steps.filter(({ phase }) => phase === 'finally').map(({ key, needs }) => [key, needs])).toEqual([
    ['s/finally/clean', []],
    ['finally/page', []],
    ['finally/log', ['finally/page']],
  ]);
});

test('approvals wait for 72 hours, and gate steps for their longest window and 15 minutes', async () => {
  const gates = [{ name: 'health', everyMs: 15_000, at: step('x').at, metrics: [{ ...metric, threshold: { forMs: 10 * minute } }] }];
  const watched = { gates: [{ gate: 'health' }] };
  const built = await plan({
    gates,
    groups: { managers: { people: ['ann', 'bob'] } },
    stages: [
      stage('s', [
        step('yes', { action: { kind: 'approval', ask: 'Go?', quorum: 2, of: [{ group: 'managers' }, { names: ['zoe', 'ann'] }] } }),
        step('settle', { action: { kind: 'hold', for: '72h', atEnd: 'wait' }, ...watched }),
        step('check', { action: { kind: 'gate' }, ...watched }),
      ]),
    ],
  });

  expect(stepOf(built, 's/yes')).toMatchObject({ timeoutMs: 72 * hour, act: { quorum: 2, of: ['ann', 'bob', 'zoe'] } });
  expect(stepOf(built, 's/settle').timeoutMs).toBeUndefined();
  expect(stepOf(built, 's/check')).toMatchObject({ timeoutMs: 25 * minute, gates: [{ gate: 'health' }] });
});

const metric = {
  name: 'up',
  uses: 'http.check',
  with: {},
  unit: 'yes-no',
  threshold: {},
  noData: 'fail',
  shadow: false,
  at: step('x').at,
} as const;

test('the fingerprint says "same plan": it changes with an input and not with the commit', async () => {
  const parts = { inputs: [input('n', 'integer')], stages: [stage('s', [step('a')])] };
  const built = await Promise.all(
    [{ inputs: { n: '1' }, commit: 'a' }, { inputs: { n: '1' }, commit: 'b' }, { inputs: { n: '2' }, commit: 'a' }].map((options) => buildPlan(pipeline(parts), options)),
  );
  const [one, same, other] = built.map((result) => (result.ok ? result.plan.fingerprint : ''));

  expect(one).toMatch(/^[0-9a-f]{64}$/);
  expect(same).toBe(one);
  expect(other).not.toBe(one);
});
