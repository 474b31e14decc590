import { describe, expect, test } from 'vitest';
import type { Plan } from '../../../src/plan/plan.ts';
import type { Command, FactBody } from '../../../src/run/core/fact.ts';
import type { Op } from '../../../src/run/core/operation.ts';
import type { Script } from '../../../src/run/simulated/simulated-runtime.ts';
import { rollback, approval, commanded, failed, group, ok, planOf, probed, service, task, rollbackList } from './plans.ts';
import { opsOf, runPlan, takeUp, tasksOf, startsOf } from './run-plan.ts';

/** Tasks succeed after a second, unless the test says otherwise. */
const world =
  (special: (op: Op) => ReturnType<Script> | undefined = () => undefined): Script =>
  (op) => special(op) ?? (op.op === 'task' ? [[1_000, op.verb === 'probe' ? probed(op.key, 'not-done') : ok(op.key)]] : []);

const failing = (...keys: readonly string[]) => world((op) => (op.op === 'task' && keys.some((key) => op.key.startsWith(key)) ? [[500, failed(op.key)]] : undefined));

const command = (command: Command): FactBody => commanded(command.name, command, 'ready');

/** A database for the tests of a stage, and a stage after it. */
const tested = (): Plan =>
  planOf([service('quality/db', 'stage'), task('quality/tests', { needs: ['quality/db'] }), task('deploy/up')], [group('quality'), group('deploy', { needs: ['quality'] })]);

describe('teardown of a stage', () => {
  test('a stage tears down what it started when it is over, before the next stage starts', async () => {
    const { ending, journal } = await runPlan(tested(), world());
    expect(ending).toEqual({ idle: 'over', outcome: 'succeeded' });
    expect(tasksOf(journal)).toEqual(['quality/db!run.1', 'quality/tests!run.1', 'quality/db:teardown!teardown.1', 'deploy/up!run.1']);
  });

  test('a teardown gets the configuration, the state and the output of its step, and one idempotency key', async () => {
    const { journal } = await runPlan(tested(), world((op) => (op.key === 'quality/db!run.1' ? [[0, { fact: 'saved', key: op.key, state: { pid: 7 } }], [9, ok(op.key, { port: 1 })]] : undefined)));
    expect(opsOf(journal).find((op) => op.op === 'task' && op.verb === 'teardown')).toMatchObject({
      uses: 'test.service-stage',
      with: { port: 6399 },
      saved: { pid: 7 },
      output: { port: 1 },
      because: 'stage quality is over',
      idempotencyKey: 'r1/quality/db/teardown',
    });
  });

  test('teardowns run in reverse order of the dependencies, and in parallel where there are none', async () => {
    const plan = planOf([
      service('a/db', 'stage'),
      service('a/cache', 'stage'),
      service('a/app', 'stage', { needs: ['a/db'] }),
      task('a/tests', { needs: ['a/app', 'a/cache'] }),
    ]);
    const { journal } = await runPlan(plan, world());
    expect(tasksOf(journal).slice(-3).toSorted()).toEqual(['a/app:teardown!teardown.1', 'a/cache:teardown!teardown.1', 'a/db:teardown!teardown.1']);
    expect(startedAt(journal, 'a/app:teardown')).toBe(startedAt(journal, 'a/cache:teardown'));
    expect(startedAt(journal, 'a/db:teardown')).toBe(startedAt(journal, 'a/app:teardown') + 1_000);
  });

  test('the `finally` of a stage runs before its teardowns', async () => {
    const plan = planOf([service('a/db', 'stage'), task('a/finally/logs', { phase: 'finally', rollback: 'nothing' })], [group('a'), group('a/finally', { kind: 'finally' })]);
    const { journal } = await runPlan(plan, world());
    expect(tasksOf(journal)).toEqual(['a/db!run.1', 'a/finally/logs!run.1', 'a/db:teardown!teardown.1']);
  });

  test('a stage is torn down after its steps are rolled back', async () => {
    const plan = planOf([service('a/db', 'stage'), task('a/migrate', { needs: ['a/db'] }), task('a/check', { needs: ['a/migrate'] })]);
    const { ending, journal } = await runPlan(plan, failing('a/check!run'));
    expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(tasksOf(journal).slice(-3)).toEqual(['a/check!rollback.1', 'a/migrate!rollback.1', 'a/db:teardown!teardown.1']);
  });

  test('the teardown of a stage does not wait for the rollback of another stage', async () => {
    const plan = planOf([service('a/db', 'stage'), task('a/check', { needs: ['a/db'] }), task('b/up')]);
    const { journal } = await runPlan(plan, world((op) => (op.key === 'a/check!run.1' ? [[500, failed(op.key)]] : op.key === 'b/up!rollback.1' ? [[60_000, ok(op.key)]] : undefined)));
    expect(startedAt(journal, 'a/db:teardown')).toBeLessThan(10_000);
  });

  test('a stage that was torn down is not torn down again when it is rolled back later', async () => {
    const plan = planOf([service('a/db', 'stage'), task('a/migrate', { needs: ['a/db'] }), task('b/check')], [group('a'), group('b', { needs: ['a'] })]);
    const { ending, journal } = await runPlan(plan, failing('b/check!run'));
    expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(tasksOf(journal).slice(2)).toEqual(['a/db:teardown!teardown.1', 'b/check!run.1', 'b/check!rollback.1', 'a/migrate!rollback.1']);
  });

  test('a rollback that starts between two teardowns delays the second one until its stage is rolled back', async () => {
    const plan = planOf(
      [service('a/db', 'stage', { rollback: 'automatic' }), service('a/app', 'stage', { needs: ['a/db'] }), task('b/check')],
      [group('a'), group('b')],
    );
    const { ending, journal } = await runPlan(plan, world((op) => (op.key === 'b/check!run.1' ? [[2_500, failed(op.key)]] : op.step === 'a/db' && op.op === 'task' && op.verb === 'rollback' ? [[9_000, ok(op.key)]] : undefined)));
    expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(tasksOf(journal).slice(3)).toEqual(['a/app:teardown!teardown.1', 'a/db!rollback.1', 'b/check!rollback.1', 'a/db:teardown!teardown.1']);
    expect(startedAt(journal, 'a/db:teardown')).toBe(11_500);
  });

  test('a stage is torn down after `on-failure: stop`', async () => {
    const plan = planOf([service('a/db', 'stage'), task('a/check', { needs: ['a/db'], onFailure: 'stop' }), task('a/never', { needs: ['a/check'] })]);
    const { ending, journal } = await runPlan(plan, failing('a/check!run'));
    expect(ending).toEqual({ idle: 'over', outcome: 'stopped' });
    expect(tasksOf(journal).at(-1)).toBe('a/db:teardown!teardown.1');
  });

  test('a stage is torn down after it exceeded its timeout', async () => {
    const plan = planOf([service('a/db', 'stage'), task('a/slow', { needs: ['a/db'] })], [group('a', { timeoutMs: 5_000 })]);
    const { ending, journal } = await runPlan(plan, world((op) => (op.key === 'a/slow!run.1' ? [[60_000, ok(op.key)]] : undefined)));
    expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(tasksOf(journal).at(-1)).toBe('a/db:teardown!teardown.1');
  });

  test('a step that never started, or failed before it saved a state, is not torn down', async () => {
    const plan = planOf([task('a/check', { rollback: 'nothing' }), service('a/db', 'stage', { needs: ['a/check'] }), service('b/db', 'stage', { savesState: true })]);
    const { ending, journal, state } = await runPlan(plan, failing('a/check!run', 'b/db!run'));
    expect(ending).toEqual({ idle: 'over', outcome: 'failed' });
    expect(tasksOf(journal).filter((key) => key.includes('teardown'))).toEqual([]);
    expect(state.steps.get('b/db:teardown')?.end).toBe('skipped');
  });

  test('a step that failed after it had saved a state is torn down', async () => {
    const plan = planOf([service('a/db', 'stage', { savesState: true })]);
    const { journal } = await runPlan(plan, world((op) => (op.key === 'a/db!run.1' ? [[0, { fact: 'saved', key: op.key, state: {} }], [9, failed(op.key)]] : undefined)));
    expect(tasksOf(journal)).toEqual(['a/db!run.1', 'a/db:teardown!teardown.1']);
  });
});

describe('teardown in a paused run', () => {
  const paused = () =>
    planOf([
      service('a/db', 'stage'),
      task('a/check', { needs: ['a/db'], onFailure: 'pause', onLost: 'retry' }),
      service('b/db', 'stage'),
      service('b/tunnel', 'run'),
      task('b/check', { needs: ['b/db'] }),
    ]);

  test('a paused run tears down the stages that are over, but not those in which a step may be tried again', async () => {
    const { ending, journal } = await runPlan(paused(), failing('a/check!run'));
    expect(ending).toMatchObject({ idle: 'paused' });
    expect(tasksOf(journal).filter((key) => key.includes('teardown'))).toEqual(['b/db:teardown!teardown.1']);
  });

  test('after `continue`, teardowns run at the end of their scopes', async () => {
    const first = await runPlan(paused(), failing('a/check!run'));
    const { ending, journal } = await takeUp(first, world(), [command({ name: 'continue' })]);
    expect(ending).toEqual({ idle: 'over', outcome: 'succeeded' });
    expect(tasksOf(journal).slice(-3)).toEqual(['a/check!run.2', 'a/db:teardown!teardown.1', 'b/tunnel:teardown!teardown.1']);
  });

  test('after `rollback`, teardowns run after the rollback', async () => {
    const first = await runPlan(paused(), failing('a/check!run'));
    const { ending, journal } = await takeUp(first, world(), [command(rollback)]);
    expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(tasksOf(journal).slice(-2)).toEqual(['a/db:teardown!teardown.1', 'b/tunnel:teardown!teardown.1']);
  });

  test('a teardown with the scope step waits until it is decided whether the paused step is tried again', async () => {
    const plan = planOf([service('a/db', 'step', { onFailure: 'pause', onLost: 'retry' })]);
    const first = await runPlan(plan, failing('a/db!run'));
    expect(tasksOf(first.journal)).toEqual(['a/db!run.1']);
    const { ending, journal } = await takeUp(first, world(), [command({ name: 'continue' })]);
    expect(ending).toEqual({ idle: 'over', outcome: 'succeeded' });
    expect(tasksOf(journal).slice(1)).toEqual(['a/db!run.2', 'a/db:teardown!teardown.1']);
  });

  test('a stage is torn down when the rollback stops at an irreversible step', async () => {
    const plan = planOf([service('a/db', 'stage'), task('a/publish', { needs: ['a/db'], rollback: 'impossible' }), task('a/check', { needs: ['a/publish'] })]);
    const { ending, journal } = await runPlan(plan, failing('a/check!run'));
    expect(ending).toMatchObject({ idle: 'paused' });
    expect(tasksOf(journal).at(-1)).toBe('a/db:teardown!teardown.1');
  });
});

describe('teardown of a run', () => {
  test('teardowns continue when the rollback stops between two of them and the first has nothing to tear down', async () => {
    const plan = planOf([
      service('a/db', 'stage', { rollback: 'impossible' }),
      service('a/idle', 'stage', { needs: ['a/db'], savesState: true, rollback: 'nothing', onFailure: 'continue' }),
      service('a/app', 'stage', { needs: ['a/idle'] }),
      task('b/check'),
    ]);
    const { ending, journal } = await runPlan(plan, world((op) => (op.key === 'b/check!run.1' ? [[2_700, failed(op.key)]] : op.key === 'a/idle!run.1' ? [[500, failed(op.key)]] : undefined)));
    expect(ending).toMatchObject({ idle: 'paused' });
    expect(tasksOf(journal).filter((key) => key.includes('teardown'))).toEqual(['a/app:teardown!teardown.1', 'a/db:teardown!teardown.1']);
  });

  test('teardowns of the run come last, in reverse order of its stages', async () => {
    const plan = planOf(
      [service('a/tunnel', 'run'), task('b/up'), service('b/app', 'run', { needs: ['b/up'] }), task('finally/note', { phase: 'finally', rollback: 'nothing' })],
      [group('a'), group('b', { needs: ['a'] }), group('finally', { kind: 'finally' })],
    );
    const { journal } = await runPlan(plan, world());
    expect(tasksOf(journal).slice(-3)).toEqual(['finally/note!run.1', 'b/app:teardown!teardown.1', 'a/tunnel:teardown!teardown.1']);
  });

  test('teardowns of the run come after the whole rollback', async () => {
    const plan = planOf([service('a/tunnel', 'run'), task('a/migrate', { needs: ['a/tunnel'] }), task('b/check')], [group('a'), group('b', { needs: ['a'] })]);
    const { ending, journal } = await runPlan(plan, failing('b/check!run'));
    expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(tasksOf(journal).slice(-2)).toEqual(['a/migrate!rollback.1', 'a/tunnel:teardown!teardown.1']);
  });

  test('a rollback step that started something is torn down at the end of the run', async () => {
    const rollback = rollbackList([service('a/up/rollback/proxy', 'stage', { onLost: 'retry' })], [service('a/up/rollback/slow', 'stage', { onLost: 'retry' })]);
    const plan = planOf([task('a/up', { rollback }), task('b/check')], [group('a'), group('b', { needs: ['a'] })]);
    const { ending, journal } = await runPlan(plan, failing('b/check!run'));
    expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(tasksOf(journal).slice(-2)).toEqual(['a/up/rollback/slow!run.1', 'a/up/rollback/slow:teardown!teardown.1']);
  });
});

describe('teardown of a step', () => {
  test('a step with the scope step is torn down as soon as it has ended, before its dependents start', async () => {
    const plan = planOf([service('a/scan', 'step'), task('a/next', { needs: ['a/scan'] })]);
    const { journal } = await runPlan(plan, world());
    expect(tasksOf(journal)).toEqual(['a/scan!run.1', 'a/scan:teardown!teardown.1', 'a/next!run.1']);
  });

  test('a step is torn down once, after its last try failed', async () => {
    const plan = planOf([service('a/scan', 'step', { onLost: 'retry', onFailure: 'continue' })]);
    const { ending, journal } = await runPlan(plan, world((op) => (op.key.startsWith('a/scan!run') ? [[0, failed(op.key, true)]] : undefined)));
    expect(ending).toEqual({ idle: 'over', outcome: 'partially-succeeded' });
    expect(tasksOf(journal)).toEqual(['a/scan!run.1', 'a/scan!run.2', 'a/scan!run.3', 'a/scan:teardown!teardown.1']);
  });

  test('a step with the scope step is torn down before it is rolled back', async () => {
    const plan = planOf([service('a/scan', 'step', { rollback: 'automatic' })]);
    const { ending, journal } = await runPlan(plan, failing('a/scan!run'));
    expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(tasksOf(journal)).toEqual(['a/scan!run.1', 'a/scan:teardown!teardown.1', 'a/scan!rollback.1']);
    expect(startedAt(journal, 'a/scan!rollback')).toBe(startedAt(journal, 'a/scan:teardown') + 1_000);
  });

  test('a teardown waits until a step that does not stop when asked has ended', async () => {
    const plan = planOf([service('a/scan', 'step', { onLost: 'retry' }), approval('b/sure', 1, [])]);
    const { journal } = await runPlan(plan, world((op) => (op.key === 'a/scan!run.1' ? [[200_000, ok(op.key)]] : undefined)), {
      stopsAfterMs: 90_000,
      inbox: [[1_000, command(rollback)]],
    });
    expect(startedAt(journal, 'a/scan:teardown')).toBe(91_000);
  });
});

describe('a failing teardown', () => {
  test('a teardown that fails is tried three times with growing pauses, and makes a success partial', async () => {
    const { ending, journal, state } = await runPlan(tested(), failing('quality/db:teardown'));
    expect(ending).toEqual({ idle: 'over', outcome: 'partially-succeeded' });
    expect(tasksOf(journal).filter((key) => key.includes('teardown'))).toEqual([1, 2, 3].map((n) => `quality/db:teardown!teardown.${String(n)}`));
    expect(startedAt(journal, 'deploy/up')).toBe(2_000 + 500 + 2_000 + 500 + 4_000 + 500);
    expect(state.steps.get('quality/db:teardown')?.failure).toMatchObject({ code: 'TEST_FAILED' });
  });

  test('a teardown that fails does not replace a worse outcome', async () => {
    const { ending } = await runPlan(tested(), failing('quality/db:teardown', 'deploy/up!run'));
    expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
  });

  test('a teardown that was lost is tried again', async () => {
    const whole = await runPlan(tested(), world());
    const cut = whole.journal.findIndex((fact) => startsOf(fact).some(({ key }) => key === 'quality/db:teardown!teardown.1'));
    const { ending, journal } = await takeUp({ journal: whole.journal.slice(0, cut + 1) }, world(), []);
    expect(ending).toEqual({ idle: 'over', outcome: 'succeeded' });
    expect(tasksOf(journal).slice(-3)).toEqual(['quality/db:teardown!teardown.1', 'quality/db:teardown!teardown.2', 'deploy/up!run.1']);
  });
});

/** Start time of the first op whose key starts with this string. */
const startedAt = (journal: Awaited<ReturnType<typeof runPlan>>['journal'], start: string): number =>
  journal.find((fact) => startsOf(fact).some(({ key }) => key.startsWith(start)))?.at ?? Number.NaN;
