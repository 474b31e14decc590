import { describe, expect, test } from 'vitest';
import type { Plan } from '../../../src/plan/plan.ts';
import type { Command, FactBody } from '../../../src/run/core/fact.ts';
import type { Op } from '../../../src/run/core/operation.ts';
import type { Script } from '../../../src/run/simulated/simulated-runtime.ts';
import { abort, approval, commanded, failed, group, ok, planOf, probed, service, task, undoList } from './plans.ts';
import { opsOf, runPlan, takeUp, tasksOf, startsOf } from './run-plan.ts';

/** Tasks succeed after a second, unless the test says otherwise. */
const world =
  (special: (op: Op) => ReturnType<Script> | undefined = () => undefined): Script =>
  (op) => special(op) ?? (op.op === 'task' ? [[1_000, op.verb === 'probe' ? probed(op.key, 'not-done') : ok(op.key)]] : []);

const failing = (...keys: readonly string[]) => world((op) => (op.op === 'task' && keys.some((key) => op.key.startsWith(key)) ? [[500, failed(op.key)]] : undefined));

const told = (command: Command): FactBody => commanded(command.name, command, 'ready');

/** A database for the tests of a stage, and a stage behind it. */
const tested = (): Plan =>
  planOf([service('quality/db', 'stage'), task('quality/tests', { needs: ['quality/db'] }), task('deploy/up')], [group('quality'), group('deploy', { needs: ['quality'] })]);

describe('what a stage started', () => {
  test('is released when the stage is over, and before the next one begins', async () => {
    const { ending, journal } = await runPlan(tested(), world());
    expect(ending).toEqual({ idle: 'over', outcome: 'succeeded' });
    expect(tasksOf(journal)).toEqual(['quality/db!run.1', 'quality/tests!run.1', 'quality/db:teardown!teardown.1', 'deploy/up!run.1']);
  });

  test('is released with the configuration, the state and the output of its step, under one idempotency key', async () => {
    const { journal } = await runPlan(tested(), world((op) => (op.key === 'quality/db!run.1' ? [[0, { fact: 'saved', key: op.key, state: { pid: 7 } }], [9, ok(op.key, { port: 1 })]] : undefined)));
    expect(opsOf(journal).find((op) => op.op === 'task' && op.verb === 'teardown')).toMatchObject({
      uses: 'test.service-stage',
      with: { port: 6399 },
      saved: { pid: 7 },
      output: { port: 1 },
      because: 'stage quality is over',
      idempotencyKey: 'r1/quality/db/release',
    });
  });

  test('is released against the dependencies, and side by side where there are none', async () => {
    const plan = planOf([
      service('a/db', 'stage'),
      service('a/cache', 'stage'),
      service('a/app', 'stage', { needs: ['a/db'] }),
      task('a/tests', { needs: ['a/app', 'a/cache'] }),
    ]);
    const { journal } = await runPlan(plan, world());
    expect(tasksOf(journal).slice(-3).toSorted()).toEqual(['a/app:teardown!teardown.1', 'a/cache:teardown!teardown.1', 'a/db:teardown!teardown.1']);
    expect(begunAt(journal, 'a/app:teardown')).toBe(begunAt(journal, 'a/cache:teardown'));
    expect(begunAt(journal, 'a/db:teardown')).toBe(begunAt(journal, 'a/app:teardown') + 1_000);
  });

  test('is there for the `finally` of the stage', async () => {
    const plan = planOf([service('a/db', 'stage'), task('a/finally/logs', { phase: 'finally', rollback: 'nothing' })], [group('a'), group('a/finally', { kind: 'finally' })]);
    const { journal } = await runPlan(plan, world());
    expect(tasksOf(journal)).toEqual(['a/db!run.1', 'a/finally/logs!run.1', 'a/db:teardown!teardown.1']);
  });

  test('is there until the steps of the stage are undone', async () => {
    const plan = planOf([service('a/db', 'stage'), task('a/migrate', { needs: ['a/db'] }), task('a/check', { needs: ['a/migrate'] })]);
    const { ending, journal } = await runPlan(plan, failing('a/check!run'));
    expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(tasksOf(journal).slice(-3)).toEqual(['a/check!rollback.1', 'a/migrate!rollback.1', 'a/db:teardown!teardown.1']);
  });

  test('does not wait for another stage that is undone', async () => {
    const plan = planOf([service('a/db', 'stage'), task('a/check', { needs: ['a/db'] }), task('b/up')]);
    const { journal } = await runPlan(plan, world((op) => (op.key === 'a/check!run.1' ? [[500, failed(op.key)]] : op.key === 'b/up!rollback.1' ? [[60_000, ok(op.key)]] : undefined)));
    expect(begunAt(journal, 'a/db:teardown')).toBeLessThan(10_000);
  });

  test('stays released when the stage is undone later', async () => {
    const plan = planOf([service('a/db', 'stage'), task('a/migrate', { needs: ['a/db'] }), task('b/check')], [group('a'), group('b', { needs: ['a'] })]);
    const { ending, journal } = await runPlan(plan, failing('b/check!run'));
    expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(tasksOf(journal).slice(2)).toEqual(['a/db:teardown!teardown.1', 'b/check!run.1', 'b/check!rollback.1', 'a/migrate!rollback.1']);
  });

  test('waits with what is not released yet when the run turns back in between', async () => {
    const plan = planOf(
      [service('a/db', 'stage', { rollback: 'automatic' }), service('a/app', 'stage', { needs: ['a/db'] }), task('b/check')],
      [group('a'), group('b')],
    );
    const { ending, journal } = await runPlan(plan, world((op) => (op.key === 'b/check!run.1' ? [[2_500, failed(op.key)]] : op.step === 'a/db' && op.op === 'task' && op.verb === 'rollback' ? [[9_000, ok(op.key)]] : undefined)));
    expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(tasksOf(journal).slice(3)).toEqual(['a/app:teardown!teardown.1', 'a/db!rollback.1', 'b/check!rollback.1', 'a/db:teardown!teardown.1']);
    expect(begunAt(journal, 'a/db:teardown')).toBe(11_500);
  });

  test('is released after `on-failure: stop`, too', async () => {
    const plan = planOf([service('a/db', 'stage'), task('a/check', { needs: ['a/db'], onFailure: 'stop' }), task('a/never', { needs: ['a/check'] })]);
    const { ending, journal } = await runPlan(plan, failing('a/check!run'));
    expect(ending).toEqual({ idle: 'over', outcome: 'stopped' });
    expect(tasksOf(journal).at(-1)).toBe('a/db:teardown!teardown.1');
  });

  test('is released when its stage worked for too long', async () => {
    const plan = planOf([service('a/db', 'stage'), task('a/slow', { needs: ['a/db'] })], [group('a', { timeoutMs: 5_000 })]);
    const { ending, journal } = await runPlan(plan, world((op) => (op.key === 'a/slow!run.1' ? [[60_000, ok(op.key)]] : undefined)));
    expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(tasksOf(journal).at(-1)).toBe('a/db:teardown!teardown.1');
  });

  test('is not released when its step never began, or failed before it saved a state', async () => {
    const plan = planOf([task('a/check', { rollback: 'nothing' }), service('a/db', 'stage', { needs: ['a/check'] }), service('b/db', 'stage', { savesState: true })]);
    const { ending, journal, state } = await runPlan(plan, failing('a/check!run', 'b/db!run'));
    expect(ending).toEqual({ idle: 'over', outcome: 'failed' });
    expect(tasksOf(journal).filter((key) => key.includes('teardown'))).toEqual([]);
    expect(state.steps.get('b/db:teardown')?.end).toBe('skipped');
  });

  test('is released when its step failed after it had saved a state', async () => {
    const plan = planOf([service('a/db', 'stage', { savesState: true })]);
    const { journal } = await runPlan(plan, world((op) => (op.key === 'a/db!run.1' ? [[0, { fact: 'saved', key: op.key, state: {} }], [9, failed(op.key)]] : undefined)));
    expect(tasksOf(journal)).toEqual(['a/db!run.1', 'a/db:teardown!teardown.1']);
  });
});

describe('what a frozen run started', () => {
  const frozen = () =>
    planOf([
      service('a/db', 'stage'),
      task('a/check', { needs: ['a/db'], onFailure: 'freeze', onLost: 'retry' }),
      service('b/db', 'stage'),
      service('b/tunnel', 'run'),
      task('b/check', { needs: ['b/db'] }),
    ]);

  test('is released where a stage is over, and kept where a step may be tried again', async () => {
    const { ending, journal } = await runPlan(frozen(), failing('a/check!run'));
    expect(ending).toMatchObject({ idle: 'frozen' });
    expect(tasksOf(journal).filter((key) => key.includes('teardown'))).toEqual(['b/db:teardown!teardown.1']);
  });

  test('is released at the end of its scope after `continue`', async () => {
    const first = await runPlan(frozen(), failing('a/check!run'));
    const { ending, journal } = await takeUp(first, world(), [told({ name: 'continue' })]);
    expect(ending).toEqual({ idle: 'over', outcome: 'succeeded' });
    expect(tasksOf(journal).slice(-3)).toEqual(['a/check!run.2', 'a/db:teardown!teardown.1', 'b/tunnel:teardown!teardown.1']);
  });

  test('is released after the rollback of an `abort`', async () => {
    const first = await runPlan(frozen(), failing('a/check!run'));
    const { ending, journal } = await takeUp(first, world(), [told(abort)]);
    expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(tasksOf(journal).slice(-2)).toEqual(['a/db:teardown!teardown.1', 'b/tunnel:teardown!teardown.1']);
  });

  test('is kept behind the step itself, too, until it is known whether it is tried again', async () => {
    const plan = planOf([service('a/db', 'step', { onFailure: 'freeze', onLost: 'retry' })]);
    const first = await runPlan(plan, failing('a/db!run'));
    expect(tasksOf(first.journal)).toEqual(['a/db!run.1']);
    const { ending, journal } = await takeUp(first, world(), [told({ name: 'continue' })]);
    expect(ending).toEqual({ idle: 'over', outcome: 'succeeded' });
    expect(tasksOf(journal).slice(1)).toEqual(['a/db!run.2', 'a/db:teardown!teardown.1']);
  });

  test('is released where the way back stops at what cannot be undone', async () => {
    const plan = planOf([service('a/db', 'stage'), task('a/publish', { needs: ['a/db'], rollback: 'impossible' }), task('a/check', { needs: ['a/publish'] })]);
    const { ending, journal } = await runPlan(plan, failing('a/check!run'));
    expect(ending).toMatchObject({ idle: 'frozen' });
    expect(tasksOf(journal).at(-1)).toBe('a/db:teardown!teardown.1');
  });
});

describe('what a run started', () => {
  test('is released where the way back stops between two releases, of which the first has nothing to release', async () => {
    const plan = planOf([
      service('a/db', 'stage', { rollback: 'impossible' }),
      service('a/idle', 'stage', { needs: ['a/db'], savesState: true, rollback: 'nothing', onFailure: 'continue' }),
      service('a/app', 'stage', { needs: ['a/idle'] }),
      task('b/check'),
    ]);
    const { ending, journal } = await runPlan(plan, world((op) => (op.key === 'b/check!run.1' ? [[2_700, failed(op.key)]] : op.key === 'a/idle!run.1' ? [[500, failed(op.key)]] : undefined)));
    expect(ending).toMatchObject({ idle: 'frozen' });
    expect(tasksOf(journal).filter((key) => key.includes('teardown'))).toEqual(['a/app:teardown!teardown.1', 'a/db:teardown!teardown.1']);
  });

  test('is released last of all, in order of its stages', async () => {
    const plan = planOf(
      [service('a/tunnel', 'run'), task('b/up'), service('b/app', 'run', { needs: ['b/up'] }), task('finally/note', { phase: 'finally', rollback: 'nothing' })],
      [group('a'), group('b', { needs: ['a'] }), group('finally', { kind: 'finally' })],
    );
    const { journal } = await runPlan(plan, world());
    expect(tasksOf(journal).slice(-3)).toEqual(['finally/note!run.1', 'b/app:teardown!teardown.1', 'a/tunnel:teardown!teardown.1']);
  });

  test('is there for the whole way back', async () => {
    const plan = planOf([service('a/tunnel', 'run'), task('a/migrate', { needs: ['a/tunnel'] }), task('b/check')], [group('a'), group('b', { needs: ['a'] })]);
    const { ending, journal } = await runPlan(plan, failing('b/check!run'));
    expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(tasksOf(journal).slice(-2)).toEqual(['a/migrate!rollback.1', 'a/tunnel:teardown!teardown.1']);
  });

  test('on its way back is released at its end', async () => {
    const undo = undoList([service('a/up/rollback/proxy', 'stage', { onLost: 'retry' })], [service('a/up/rollback/slow', 'stage', { onLost: 'retry' })]);
    const plan = planOf([task('a/up', { rollback: undo }), task('b/check')], [group('a'), group('b', { needs: ['a'] })]);
    const { ending, journal } = await runPlan(plan, failing('b/check!run'));
    expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(tasksOf(journal).slice(-2)).toEqual(['a/up/rollback/slow!run.1', 'a/up/rollback/slow:teardown!teardown.1']);
  });
});

describe('what a step started for itself', () => {
  test('is released as soon as it has ended, and before who needs it begins', async () => {
    const plan = planOf([service('a/scan', 'step'), task('a/next', { needs: ['a/scan'] })]);
    const { journal } = await runPlan(plan, world());
    expect(tasksOf(journal)).toEqual(['a/scan!run.1', 'a/scan:teardown!teardown.1', 'a/next!run.1']);
  });

  test('is released once, when it has failed for good', async () => {
    const plan = planOf([service('a/scan', 'step', { onLost: 'retry', onFailure: 'continue' })]);
    const { ending, journal } = await runPlan(plan, world((op) => (op.key.startsWith('a/scan!run') ? [[0, failed(op.key, true)]] : undefined)));
    expect(ending).toEqual({ idle: 'over', outcome: 'partially-succeeded' });
    expect(tasksOf(journal)).toEqual(['a/scan!run.1', 'a/scan!run.2', 'a/scan!run.3', 'a/scan:teardown!teardown.1']);
  });

  test('is released before the step is undone', async () => {
    const plan = planOf([service('a/scan', 'step', { rollback: 'automatic' })]);
    const { ending, journal } = await runPlan(plan, failing('a/scan!run'));
    expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(tasksOf(journal)).toEqual(['a/scan!run.1', 'a/scan:teardown!teardown.1', 'a/scan!rollback.1']);
    expect(begunAt(journal, 'a/scan!rollback')).toBe(begunAt(journal, 'a/scan:teardown') + 1_000);
  });

  test('waits until a step that does not stop has ended all the same', async () => {
    const plan = planOf([service('a/scan', 'step', { onLost: 'retry' }), approval('b/sure', 1, [])]);
    const { journal } = await runPlan(plan, world((op) => (op.key === 'a/scan!run.1' ? [[200_000, ok(op.key)]] : undefined)), {
      stopsAfterMs: 90_000,
      letters: [[1_000, told(abort)]],
    });
    expect(begunAt(journal, 'a/scan:teardown')).toBe(91_000);
  });
});

describe('a release that fails', () => {
  test('is tried three times with growing pauses, and makes a success partial', async () => {
    const { ending, journal, state } = await runPlan(tested(), failing('quality/db:teardown'));
    expect(ending).toEqual({ idle: 'over', outcome: 'partially-succeeded' });
    expect(tasksOf(journal).filter((key) => key.includes('teardown'))).toEqual([1, 2, 3].map((n) => `quality/db:teardown!teardown.${String(n)}`));
    expect(begunAt(journal, 'deploy/up')).toBe(2_000 + 500 + 2_000 + 500 + 4_000 + 500);
    expect(state.steps.get('quality/db:teardown')?.failure).toMatchObject({ code: 'TEST_FAILED' });
  });

  test('keeps the outcome that is worse', async () => {
    const { ending } = await runPlan(tested(), failing('quality/db:teardown', 'deploy/up!run'));
    expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
  });

  test('whose process died is tried again', async () => {
    const whole = await runPlan(tested(), world());
    const cut = whole.journal.findIndex((fact) => startsOf(fact).some(({ key }) => key === 'quality/db:teardown!teardown.1'));
    const { ending, journal } = await takeUp({ journal: whole.journal.slice(0, cut + 1) }, world(), []);
    expect(ending).toEqual({ idle: 'over', outcome: 'succeeded' });
    expect(tasksOf(journal).slice(-3)).toEqual(['quality/db:teardown!teardown.1', 'quality/db:teardown!teardown.2', 'deploy/up!run.1']);
  });
});

/** When the first op with this beginning of its key was begun. */
const begunAt = (journal: Awaited<ReturnType<typeof runPlan>>['journal'], start: string): number =>
  journal.find((fact) => startsOf(fact).some(({ key }) => key.startsWith(start)))?.at ?? Number.NaN;
