import { describe, expect, test } from 'vitest';
import type { PlanStep } from '../../../src/plan/plan.ts';
import type { FactBody } from '../../../src/run/core/fact.ts';
import type { Op } from '../../../src/run/core/operation.ts';
import type { Script } from '../../../src/run/simulated/simulated-runtime.ts';
import { approval, failed, group, hold, judged, minute, ok, planOf, probed, service, task, rollbackList } from './plans.ts';
import { changesOf, opsOf, runPlan, takeUp, tasksOf } from './run-plan.ts';

/** Every task succeeds after a second, unless something special is said of it. */
const world =
  (special: (op: Op) => ReturnType<Script> | undefined = () => undefined): Script =>
  (op) => special(op) ?? (op.op === 'task' ? [[1_000, op.verb === 'probe' ? probed(op.key, 'not-done') : ok(op.key)]] : []);

const lost = (key: string): FactBody => ({ fact: 'ended', key, result: { status: 'lost' } });
const expression = ($expr: string, ...reads: readonly string[]) => ({ $expr, reads });
const gated = (gate = 'health', more: Partial<PlanStep['gates'][number]> = {}) => ({ gates: [{ gate, ...more }] });

/** Two steps that run side by side, cut off while both do; then both fail in the same moment. */
async function bothFail(first: Partial<PlanStep>, second: Partial<PlanStep>) {
  const plan = planOf([task('a/first', first), task('b/second', second), task('c/slow', { rollback: 'nothing' })]);
  const whole = await runPlan(plan, world((op) => (op.op === 'task' ? [[op.step === 'c/slow' ? 9_000 : 1_000, ok(op.key)]] : undefined)));
  const cut = whole.journal.slice(0, whole.journal.findIndex(({ fact }) => fact === 'ended'));
  return takeUp({ journal: cut }, world(), [failed('a/first!run.1'), failed('b/second!run.1')]);
}

describe('of two failures in the same moment', () => {
  test.each([
    ['stop', 'pause', 'paused'],
    ['pause', 'stop', 'paused'],
    ['pause', 'rollback', 'rollback'],
    ['rollback', 'pause', 'rollback'],
    ['stop', 'rollback', 'rollback'],
  ] as const)('the graver wins: %s and %s lead to %s', async (first, second, mode) => {
    const { journal } = await bothFail({ onFailure: first }, { onFailure: second });
    const transitions = journal.flatMap(changesOf).filter((change) => change.do === 'transition');
    expect(transitions[0]).toMatchObject({ to: mode, because: expect.stringContaining('a/first') as string });
    expect(transitions.filter(({ to }) => to === 'stopping' || to === 'paused' || to === 'rollback')).toHaveLength(1);
  });

  test('a critical breach hurries the rollback that another breach asked for', async () => {
    const watched = { rollback: 'nothing' as const, ...gated() };
    const list = rollbackList([task('p/c/rollback-now/x', { group: 'p/c' })], [task('p/c/rollback-staged/x', { group: 'p/c' })]);
    const plan = planOf([task('p/c/shift', { group: 'p/c' }), hold('q/one', '1h', watched), hold('q/two', '1h', watched)], [group('p'), group('p/c', { kind: 'composite', parent: 'p', rollback: list })]);
    const whole = await runPlan(plan, world((op) => (op.op === 'watch' ? [[minute, judged(op.key, { verdict: 'fail', because: 'errors' })]] : undefined)));
    const cut = whole.journal.slice(0, whole.journal.findIndex(({ fact }) => fact === 'evaluated'));
    const breach = (key: string, critical: boolean): FactBody => judged(`${key}!watch.health`, { verdict: 'fail', because: 'errors', critical });
    for (const [first, second, expected] of [[false, true, 'now'], [true, false, 'now'], [false, false, 'staged']] as const) {
      const { journal } = await takeUp({ journal: cut }, world(), [breach('q/one', first), breach('q/two', second)]);
      expect(journal.flatMap(changesOf).find((change) => change.do === 'start-rollback')).toMatchObject({ list: expected });
    }
  });
});

describe('a failure while the run is stopping already', () => {
  test('changes nothing when it asks for the same, and pauses when it asks for that', async () => {
    for (const [onFailure, modes] of [['stop', ['stopping', 'finally']], ['pause', ['stopping', 'paused']], ['rollback', ['stopping', 'rollback', 'finally']]] as const) {
      const plan = planOf([task('a/first', { onFailure: 'stop' }), task('b/second', { onFailure })]);
      const { journal } = await runPlan(plan, world((op) => (op.op === 'task' && op.verb === 'run' ? [[op.step === 'a/first' ? 1_000 : 2_000, failed(op.key)]] : undefined)));
      expect(journal.flatMap(changesOf).flatMap((change) => (change.do === 'transition' ? [change.to] : []))).toEqual(modes);
    }
  });
});

describe('a run that pauses while another step pauses before its next attempt', () => {
  test('waits for that attempt, and pauses when nothing goes on any more', async () => {
    const retry = { attempts: 2, losses: 3, firstMs: minute, maxMs: minute };
    const plan = planOf([task('a/pauses', { onFailure: 'pause' }), task('b/retries', { onLost: 'retry', retry })]);
    const { at, journal, ending } = await runPlan(plan, world((op) => {
      if (op.key === 'a/pauses!run.1') return [[2_000, failed(op.key)]];
      return op.key === 'b/retries!run.1' ? [[1_000, failed(op.key, true)]] : undefined;
    }));
    expect(tasksOf(journal)).toEqual(['a/pauses!run.1', 'b/retries!run.1', 'b/retries!run.2']);
    expect([at, ending]).toEqual([1_000 + minute + 1_000, expect.objectContaining({ idle: 'paused' })]);
  });
});

describe('what a command without a rollback of its own did', () => {
  test('is listed after a rollback, unless it was skipped or its group was rolled back as one', async () => {
    const list = rollbackList([task('p/c/rollback-now/x', { group: 'p/c' })], []);
    const command = { rollback: 'unknown' as const };
    const plan = planOf(
      [task('a/touch', command), task('a/skipped', { ...command, when: expression('false') }), task('p/c/inside', { ...command, group: 'p/c' }), hold('a/wait', '1s'), approval('a/yes', 1, []), task('z/bad', { rollback: 'nothing' })],
      [group('a'), group('p'), group('p/c', { kind: 'composite', parent: 'p', rollback: { now: list.now } }), group('z', { needs: ['a', 'p'] })],
    );
    const yes = (op: Op): FactBody => ({ fact: 'answered', id: op.key, key: op.key, who: { who: 'ann', by: 'os-user' }, answer: 'yes', fingerprint: 'f1' });
    const { state } = await runPlan(plan, world((op) => (op.op === 'ask' ? [[5, yes(op)]] : op.key === 'z/bad!run.1' ? [[1_000, failed(op.key)]] : undefined)));
    expect(state.notRolledBack).toEqual(['a/touch']);
  });
});

describe('a rollback that waits', () => {
  test('for a hold of its list is not over before the hold is', async () => {
    const list = rollbackList([], [hold('p/c/rollback-staged/wait', '10m', { group: 'p/c' })]);
    const plan = planOf([task('p/c/shift', { group: 'p/c' }), task('q/bad', { rollback: 'nothing' })], [group('p'), group('p/c', { kind: 'composite', parent: 'p', rollback: list }), group('q', { needs: ['p'] })]);
    const { at, ending } = await runPlan(plan, world((op) => (op.key === 'q/bad!run.1' ? [[1_000, failed(op.key)]] : undefined)));
    expect([at, ending]).toEqual([2_000 + 10 * minute, { idle: 'over', outcome: 'rolled-back' }]);
  });

  test('for one person is not over before the answer', async () => {
    const plan = planOf([task('a/publish', { rollback: 'assisted' }), task('b/bad', { rollback: 'nothing', needs: ['a/publish'] })]);
    const yes = (op: Op): FactBody => ({ fact: 'answered', id: op.key, key: op.key, who: { who: 'ann', by: 'os-user' }, answer: 'yes', fingerprint: 'f1' });
    const { ending, at } = await runPlan(plan, world((op) => {
      if (op.key === 'b/bad!run.1') return [[1_000, failed(op.key)]];
      if (op.op === 'ask') return [[minute, yes(op)]];
      return op.op === 'task' && op.verb === 'confirm' ? [[0, probed(op.key, op.attempt > 1 ? 'done' : 'not-done')]] : undefined;
    }));
    expect([at > minute, ending]).toEqual([true, { idle: 'over', outcome: 'rolled-back' }]);
  });

  test('repeats what its process lost: a rollback, a look and an instruction', async () => {
    const plan = planOf([task('a/publish', { rollback: 'assisted' }), task('c/plain'), task('b/bad', { rollback: 'nothing', needs: ['a/publish', 'c/plain'] })]);
    const yes = (op: Op): FactBody => ({ fact: 'answered', id: op.key, key: op.key, who: { who: 'ann', by: 'os-user' }, answer: 'yes', fingerprint: 'f1' });
    const { journal } = await runPlan(plan, world((op) => {
      if (op.key === 'b/bad!run.1') return [[1_000, failed(op.key)]];
      if (op.op === 'ask') return [[minute, yes(op)]];
      if (op.op !== 'task' || op.verb === 'run') return undefined;
      if (op.attempt === 1) return [[10, lost(op.key)]];
      return op.verb === 'confirm' ? [[0, probed(op.key, op.attempt > 2 ? 'done' : 'not-done')]] : [[0, { fact: 'ended', key: op.key, result: { status: 'succeeded', output: 'Remove it.' } }]];
    }));
    expect(tasksOf(journal).slice(3).sort()).toEqual(['a/publish!confirm.1', 'a/publish!confirm.2', 'a/publish!confirm.3', 'a/publish!instruct.1', 'a/publish!instruct.2', 'c/plain!rollback.1', 'c/plain!rollback.2']);
  });

  test('runs a step of its list again when nobody can see what it did', async () => {
    const list = rollbackList([task('p/c/rollback-now/x', { group: 'p/c' })], []);
    const plan = planOf([task('p/c/shift', { group: 'p/c' }), task('q/bad', { rollback: 'nothing' })], [group('p'), group('p/c', { kind: 'composite', parent: 'p', rollback: { now: list.now } }), group('q', { needs: ['p'] })]);
    const { journal, ending } = await runPlan(plan, world((op) => {
      if (op.key === 'q/bad!run.1') return [[1_000, failed(op.key)]];
      if (op.key === 'p/c/rollback-now/x!run.1') return [[10, lost(op.key)]];
      return op.op === 'task' && op.verb === 'probe' ? [[0, probed(op.key, 'unknown')]] : undefined;
    }));
    expect(tasksOf(journal).slice(-3)).toEqual(['p/c/rollback-now/x!run.1', 'p/c/rollback-now/x!probe.1', 'p/c/rollback-now/x!run.2']);
    expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
  });
});

describe('the end of a hold', () => {
  const watched = (answer: Parameters<typeof judged>[1]) => world((op) => (op.op === 'watch' ? [[0, judged(op.key, answer)], [minute, judged(op.key, { ...answer, coveredUntil: minute })]] : undefined));
  const gates = { health: { name: 'health', everyMs: 20_000, metrics: [] } };
  const holdAt = (atEnd: 'wait' | 'pause' | 'fail') => ({ ...planOf([hold('p/hold', '1m', { act: { act: 'hold', for: '1m', atEnd }, ...gated() })]), gates });

  test('needs a single measured value', async () => {
    expect((await runPlan(holdAt('fail'), watched({ measured: 1 }))).ending).toEqual({ idle: 'over', outcome: 'succeeded' });
    expect((await runPlan(holdAt('fail'), watched({ measured: 0 }))).ending).toEqual({ idle: 'over', outcome: 'failed' });
  });

  test('pauses the run when its gates do not pass and it says so', async () => {
    expect((await runPlan(holdAt('pause'), watched({ verdict: 'inconclusive' }))).ending).toMatchObject({ idle: 'paused', because: expect.stringContaining('inconclusive') as string });
  });

  test('counts a gate that could not measure at the very end as sampled, and one that could not before as not', async () => {
    const error = (observedAt: number) => world((op) => (op.op === 'watch' ? [[1, judged(op.key, { verdict: 'error', measured: 0, observedAt })]] : undefined));
    expect((await runPlan(holdAt('fail'), error(minute))).ending).toEqual({ idle: 'over', outcome: 'failed' });
    const early = world((op) => (op.op === 'watch' ? [[1, judged(op.key, { verdict: 'error', measured: 0, observedAt: minute - 1 })], [2 * minute, judged(op.key, { coveredUntil: minute })]] : undefined));
    expect(await runPlan(holdAt('fail'), early)).toMatchObject({ ending: { idle: 'over', outcome: 'succeeded' }, at: 2 * minute });
  });

  test('gives short holds a quarter of an hour for their gates', async () => {
    const { journal, ending } = await runPlan(holdAt('wait'), watched({ verdict: 'inconclusive' }));
    expect(opsOf(journal).find((op) => op.op === 'timer' && op.why === 'wait')).toMatchObject({ at: minute + 15 * minute });
    expect(ending).toMatchObject({ idle: 'paused' });
  });
});

describe('what never started', () => {
  test('has nothing to tear down: its teardown is skipped, whatever became of the step', async () => {
    const plan = planOf(
      [task('m/1/first', { group: 'm/1', rollback: 'nothing' }), service('m/1/db', 'step', { group: 'm/1', needs: ['m/1/first'] }), task('m/2/bad', { group: 'm/2', rollback: 'nothing', onFailure: 'continue' })],
      [group('m', { kind: 'matrix', failFast: true }), group('m/1', { parent: 'm' }), group('m/2', { parent: 'm' })],
    );
    const { state } = await runPlan(plan, world((op) => (op.key === 'm/2/bad!run.1' ? [[500, failed(op.key)]] : undefined)));
    expect([state.steps.get('m/1/db')?.end, state.steps.get('m/1/db:teardown')?.end]).toEqual(['cancelled', 'skipped']);
  });

  test('is skipped with its whole stage, teardown included, when the condition of the stage cannot be evaluated', async () => {
    const plan = planOf([service('s/db', 'stage'), task('s/in', { needs: ['s/db'] })], [group('s', { when: expression('"maybe"'), onFailure: 'continue' })]);
    const { state } = await runPlan(plan, world());
    expect([state.steps.get('s/db')?.end, state.steps.get('s/db:teardown')?.end, state.groups.get('s:teardown')?.end]).toEqual(['failed', 'skipped', 'skipped']);
  });

  test('keeps its `finally` from running when the run stops before its stage', async () => {
    const plan = planOf(
      [task('a/bad', { onFailure: 'stop' }), task('b/one'), task('b/finally/clean', { phase: 'finally', group: 'b/finally', rollback: 'nothing' }), task('a/finally/clean', { phase: 'finally', group: 'a/finally', rollback: 'nothing' })],
      [group('a'), group('a/finally', { kind: 'finally', parent: 'a' }), group('b', { needs: ['a'] }), group('b/finally', { kind: 'finally', parent: 'b' })],
    );
    const { journal, state, ending } = await runPlan(plan, world((op) => (op.key === 'a/bad!run.1' ? [[1_000, failed(op.key)]] : undefined)));
    expect(tasksOf(journal)).toEqual(['a/bad!run.1', 'a/finally/clean!run.1']);
    expect([state.groups.get('b/finally')?.end, ending]).toEqual(['skipped', { idle: 'over', outcome: 'stopped' }]);
  });
});

describe('an approval', () => {
  test('by one named person cannot need two', async () => {
    const { state } = await runPlan(planOf([approval('a/yes', 2, ['ann'])]), world());
    expect(state.steps.get('a/yes')).toMatchObject({ end: 'failed' });
  });
});

describe('expressions', () => {
  const named = (plan: ReturnType<typeof planOf>) => ({
    ...plan,
    named: {
      build: { kind: 'step' as const, step: 'a/build' },
      pair: { kind: 'composite' as const, group: 'p', outputs: { digest: expression('=outputs/p~inner/digest', 'p~inner') } },
    },
  });
  const withIn = (value: ReturnType<typeof expression>, more: Partial<PlanStep> = {}) => ({ act: { act: 'task' as const, uses: 'test.step', with: { value }, attemptTimeoutMs: 600_000 }, ...more });

  test('read what earlier steps returned and saved, and what a composite returned', async () => {
    const plan = named(planOf(
      [task('a/build'), task('p~inner', { group: 'p' }), task('b/output', withIn(expression('=steps/build/outputs/digest', 'build'))), task('b/saved', withIn(expression('=saved/p~inner/mark', 'p~inner'))), task('b/pair', withIn(expression('=steps/pair/outputs/digest', 'pair'))), task('b/own', withIn(expression('=outputs/p~inner/digest', 'p~inner')))],
      [group('a'), group('p', { kind: 'composite' }), group('b', { needs: ['a', 'p'] })],
    ));
    const { journal } = await runPlan(plan, world((op) => (op.op === 'task' && op.verb === 'run' ? [[0, { fact: 'saved', key: op.key, state: { mark: op.key } }], [1_000, ok(op.key, { digest: `of ${op.key}` })]] : undefined)));
    const given = opsOf(journal).flatMap((op) => (op.op === 'task' && op.step.startsWith('b/') ? [op.with] : []));
    expect(given).toEqual([{ value: 'of a/build!run.1' }, { value: 'p~inner!run.1' }, { value: 'of p~inner!run.1' }, { value: 'of p~inner!run.1' }]);
  });

  test('find nothing of a step that was skipped, and fail the step that needs it', async () => {
    const plan = named(planOf([task('a/build', { when: expression('false') }), task('b/output', { ...withIn(expression('=steps/build/outputs', 'build')), needs: ['a/build'] })]));
    expect((await runPlan(plan, world())).state.steps.get('b/output')).toMatchObject({ end: 'failed', because: 'there is no outputs' });
  });

  test('know the outcome of the run in its `finally`, and not before', async () => {
    const last = task('finally/tell', { phase: 'finally', group: 'finally', rollback: 'nothing', ...withIn(expression('=run/outcome')) });
    const plan = planOf([task('a/build'), last], [group('a'), group('finally', { kind: 'finally' })]);
    expect(opsOf((await runPlan(plan, world())).journal).at(-1)).toMatchObject({ with: { value: 'succeeded' } });
    expect((await runPlan(planOf([task('a/early', withIn(expression('=run/outcome')))]), world())).state.steps.get('a/early')).toMatchObject({ end: 'failed' });
  });

  test('configure both sides of a metric, and one side where there is no baseline', async () => {
    const metric = { name: 'errors', uses: 'test.metric', with: { query: 'a', side: expression('"candidate"') }, unit: 'ratio' as const, threshold: {}, noData: 'fail' as const, shadow: false };
    const gates = { health: { name: 'health', everyMs: minute, metrics: [metric, { ...metric, name: 'latency', baseline: { side: expression('"stable"') } }] } };
    const plan = { ...planOf([hold('p/hold', '1m', gated())]), gates };
    const { journal } = await runPlan(plan, world((op) => (op.op === 'watch' ? [[minute, judged(op.key, { coveredUntil: minute })]] : undefined)));
    expect(opsOf(journal).find((op) => op.op === 'watch')).toMatchObject({
      configs: { errors: { query: 'a', side: 'candidate' }, latency: { query: 'a', side: 'candidate' }, 'latency (baseline)': { query: 'a', side: 'stable' } },
    });
    expect(Object.keys((opsOf(journal).find((op) => op.op === 'watch') as { configs: object }).configs)).toHaveLength(3);
  });
});

test('a step does not start when a step that it needs could not evaluate its condition', async () => {
  const plan = planOf([task('a/1', { when: expression('"neither true nor false"') }), task('a/2', { needs: ['a/1'] }), task('b/1')], [group('a'), group('b', { needs: ['a'] })]);
  const { ending, journal } = await runPlan(plan, world());
  expect({ ending, tasks: tasksOf(journal) }).toEqual({ ending: { idle: 'over', outcome: 'failed' }, tasks: [] });
});
