import { describe, expect, test } from 'vitest';
import type { Answer, Command, FactBody } from '../../../src/run/core/fact.ts';
import { rollback, approval, commanded, failed, group, hold, hour, judged, minute, notCalled, ok, planOf, probed, task, rollbackList, world } from './plans.ts';
import { opsOf, runPlan, takeUp, tasksOf, startsOf } from './run-plan.ts';

const canary = () =>
  planOf(
    [
      task('prod/canary/1-shift'),
      hold('prod/canary/1-hold', '24h', { needs: ['prod/canary/1-shift'], gates: [{ gate: 'health' }] }),
      task('prod/canary/2-shift', { needs: ['prod/canary/1-hold'] }),
      hold('prod/canary/2-hold', '24h', { needs: ['prod/canary/2-shift'], gates: [{ gate: 'health' }] }),
      task('docs/build'),
      task('docs/publish', { needs: ['docs/build'], savesState: true }),
      task('finally/close', { phase: 'finally', rollback: 'nothing' }),
    ],
    [group('prod/canary', { kind: 'composite' }), group('prod'), group('docs'), group('finally', { kind: 'finally' })],
  );

describe('forward', () => {
  test('steps run in the order of their needs, and finally at the end', async () => {
    const { ending, journal } = await runPlan(canary(), world());
    expect(ending).toEqual({ idle: 'over', outcome: 'succeeded' });
    expect(tasksOf(journal)).toEqual([
      'docs/build!run.1',
      'prod/canary/1-shift!run.1',
      'docs/publish!run.1',
      'prod/canary/2-shift!run.1',
      'finally/close!run.1',
    ]);
  });

  test('a stage starts when every stage it needs has ended', async () => {
    const plan = planOf([task('a/1'), task('a/2'), task('b/1')], [group('a'), group('b', { needs: ['a'] })]);
    const { journal } = await runPlan(plan, world((op) => (op.key === 'a/2!run.1' ? [[9_000, ok(op.key)]] : undefined)));
    expect(journal.find((fact) => startsOf(fact).some((op) => op.key === 'b/1!run.1'))?.at).toBe(9_000);
  });

  test('no more tasks run at once than the run allows', async () => {
    const plan = planOf(Array.from({ length: 10 }, (_, i) => task(`a/${String(i)}`)));
    const { at } = await runPlan(plan, world(), { parallel: 4 });
    expect(at).toBe(3_000);
  });

  test('a matrix opens no more cells than max-parallel', async () => {
    const plan = planOf(
      Array.from({ length: 5 }, (_, i) => task(`a/m/${String(i)}`)),
      [group('a'), group('a/m', { kind: 'matrix', maxParallel: 2 })],
    );
    const { at } = await runPlan(plan, world());
    expect(at).toBe(3_000);
  });

  test('a stage whose condition is false is skipped, and its dependents start', async () => {
    const plan = planOf(
      [task('a/1'), task('b/1')],
      [group('a', { when: { $expr: 'false', reads: [] } }), group('b', { needs: ['a'] })],
    );
    const { ending, journal, state } = await runPlan(plan, world());
    expect(ending).toEqual({ idle: 'over', outcome: 'succeeded' });
    expect(tasksOf(journal)).toEqual(['b/1!run.1']);
    expect(state.steps.get('a/1')?.end).toBe('skipped');
  });

  test('a failed step is tried again after growing pauses', async () => {
    const plan = planOf([task('a/1', { onLost: 'retry' })]);
    const { ending, at } = await runPlan(plan, world((op) => (op.key === 'a/1!run.3' ? undefined : op.op === 'task' ? [[0, failed(op.key, true)]] : undefined)));
    expect(ending).toEqual({ idle: 'over', outcome: 'succeeded' });
    expect(at).toBe(2_000 + 4_000 + 1_000);
  });

  test('a step with a probe is probed before it is tried again', async () => {
    const plan = planOf([task('a/1')]);
    const { journal } = await runPlan(plan, world((op) => (op.key === 'a/1!run.1' ? [[0, failed(op.key, true)]] : op.op === 'task' && op.verb === 'probe' ? [[0, probed(op.key, 'done')]] : undefined)));
    expect(tasksOf(journal)).toEqual(['a/1!run.1', 'a/1!probe.1']);
  });

  test('on-failure continue lets the dependents of the step run, and the run ends as partially succeeded', async () => {
    const plan = planOf([task('a/1', { onFailure: 'continue' }), task('a/2', { needs: ['a/1'] })]);
    const { ending, journal } = await runPlan(plan, world((op) => (op.key === 'a/1!run.1' ? [[0, failed(op.key)]] : undefined)));
    expect(ending).toEqual({ idle: 'over', outcome: 'partially-succeeded' });
    expect(tasksOf(journal)).toContain('a/2!run.1');
  });

  test('a failing cell cancels its siblings when the matrix fails fast', async () => {
    const plan = planOf(
      [task('a/m/1', { onFailure: 'continue' }), task('a/m/2', { onFailure: 'continue' }), task('a/m/3', { onFailure: 'continue' })],
      [group('a'), group('a/m', { kind: 'matrix', failFast: true, maxParallel: 2 })],
    );
    const { state, ending } = await runPlan(plan, world((op) => (op.key === 'a/m/1!run.1' ? [[100, failed(op.key)]] : undefined)));
    expect(ending).toEqual({ idle: 'over', outcome: 'partially-succeeded' });
    expect(['1', '2', '3'].map((n) => state.steps.get(`a/m/${n}`)?.end)).toEqual(['failed', 'cancelled', 'cancelled']);
  });

  test('a string into which a list is inserted fails its step, and the run is rolled back', async () => {
    const text = { $text: ['they are ', { $expr: '["a", "b"]', reads: [] }] };
    const command = task('a/2', { needs: ['a/1'], act: { act: 'task', uses: 'test.step', with: { text }, attemptTimeoutMs: 600_000 } });
    const { ending, state } = await runPlan(planOf([task('a/1'), command]), world());
    expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(state.steps.get('a/2')?.end).toBe('failed');
  });

  test('a failed finally step makes a success partial', async () => {
    const plan = planOf([task('a/1'), task('finally/x', { phase: 'finally' })], [group('finally', { kind: 'finally' })]);
    const { ending } = await runPlan(plan, world((op) => (op.step === 'finally/x' ? [[0, failed(op.key)]] : undefined)));
    expect(ending).toEqual({ idle: 'over', outcome: 'partially-succeeded' });
  });

  test('the finally of a stage runs when the stage has ended, while other stages continue', async () => {
    const plan = planOf(
      [task('a/1'), task('b/1', { group: 'b' }), task('a/finally/stop', { phase: 'finally' })],
      [group('a'), group('b'), group('a/finally', { kind: 'finally' })],
    );
    const { journal } = await runPlan(plan, world((op) => (op.step === 'b/1' ? [[hour, ok(op.key)]] : undefined)));
    const start = journal.find((fact) => startsOf(fact).some((op) => op.step === 'a/finally/stop'));
    expect(start?.at).toBe(1_000);
  });

  test('after a rollback, the finally of a stage comes before that of the run', async () => {
    const plan = planOf(
      [task('a/1'), task('a/finally/stop', { phase: 'finally', rollback: 'nothing' }), task('finally/tell', { phase: 'finally', rollback: 'nothing' })],
      [group('a'), group('a/finally', { kind: 'finally' }), group('finally', { kind: 'finally' })],
    );
    const { journal } = await runPlan(plan, world((op) => (op.step === 'a/1' ? [[0, failed(op.key)]] : undefined)));
    const startedAt = (step: string) => journal.find((fact) => startsOf(fact).some((op) => op.step === step))?.at;
    expect(startedAt('finally/tell')).toBe((startedAt('a/finally/stop') ?? Number.NaN) + 1_000);
  });

  test('a stage that works longer than its timeout is stopped; a hold does not count as work', async () => {
    const plan = planOf(
      [task('a/1'), hold('a/2', '10h', { needs: ['a/1'] }), task('a/3', { needs: ['a/2'] })],
      [group('a', { timeoutMs: minute })],
    );
    const slow = (ms: number) => world((op) => (op.key === 'a/3!run.1' ? [[ms, ok(op.key)]] : undefined));
    expect((await runPlan(plan, slow(50_000))).ending).toEqual({ idle: 'over', outcome: 'succeeded' });
    const late = await runPlan(plan, slow(70_000));
    expect(late.ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(late.state.steps.get('a/3')).toMatchObject({ end: 'failed', because: 'the tasks of stage a ran longer than its timeout' });
  });
});

describe('gates and holds', () => {
  test('a hold whose timer fires before its gate has sampled up to its end does not end', async () => {
    const lateBreach: FactBody = judged('prod/canary/1-hold!watch.health', { verdict: 'fail', because: 'errors', coveredUntil: 24 * hour });
    const { ending, journal } = await runPlan(canary(), world((op) => (op.key === 'prod/canary/1-hold!watch.health' ? [[24 * hour + 2_000, lateBreach]] : undefined)));
    expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(tasksOf(journal)).not.toContain('prod/canary/2-shift!run.1');
  });

  test('a gate that passes without a measurement never ends a hold', async () => {
    const { ending, state } = await runPlan(canary(), world((op) => (op.op === 'watch' && op.until !== undefined ? [[op.until - op.from, judged(op.key, { measured: 0, coveredUntil: op.until })]] : undefined)));
    expect(ending).toMatchObject({ idle: 'paused' });
    expect(state.steps.get('prod/canary/1-hold')?.blockedBecause).toContain('health');
  });

  test('a breach cancels running steps of other branches and rolls back in reverse order of the needs', async () => {
    const { ending, journal, state } = await runPlan(
      canary(),
      world((op) => {
        if (op.key === 'prod/canary/1-hold!watch.health') return [[7 * hour, judged(op.key, { verdict: 'fail', because: 'errors' })]];
        if (op.key === 'docs/publish!run.1') return [[500, { fact: 'saved', key: op.key, state: { previous: 'v1' } }], [10 * hour, ok(op.key)]];
        return undefined;
      }),
    );
    expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(state.steps.get('docs/publish')?.end).toBe('cancelled');
    expect(tasksOf(journal).filter((key) => key.includes('!rollback'))).toEqual(['prod/canary/1-shift!rollback.1', 'docs/publish!rollback.1', 'docs/build!rollback.1']);
    const rollback = opsOf(journal).find((op) => op.key === 'docs/publish!rollback.1');
    expect(rollback).toMatchObject({ saved: { previous: 'v1' } });
  });

  test('a gate with on-failure pause keeps the weights; continue accepts them, rollback rolls back', async () => {
    const paused = planOf([task('p/shift'), hold('p/hold', '1h', { needs: ['p/shift'], gates: [{ gate: 'health', onFailure: 'pause' }] }), task('p/next', { needs: ['p/hold'] })]);
    const breach = world((op) => (op.op === 'watch' ? [[minute, judged(op.key, { verdict: 'fail', because: 'errors' })]] : undefined));
    const first = await runPlan(paused, breach);
    expect(first.ending).toMatchObject({ idle: 'paused', because: expect.stringContaining('errors') as string });
    expect(tasksOf(first.journal)).toEqual(['p/shift!run.1']);

    const command = (command: Command): FactBody => commanded('t', command, 'checked');
    const accepted = await takeUp(first, breach, [command({ name: 'continue' })]);
    expect(accepted.ending).toEqual({ idle: 'over', outcome: 'succeeded' });
    expect(accepted.state.steps.get('p/hold')).toMatchObject({ end: 'succeeded', isOverridden: true });
    expect((await takeUp(first, breach, [command(rollback)])).ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
  });

  test('a task that failed with on-failure pause is tried again by continue', async () => {
    const plan = planOf([task('p/1', { onFailure: 'pause', onLost: 'retry' }), task('p/2', { needs: ['p/1'] })]);
    const world1 = world((op) => (op.key === 'p/1!run.1' ? [[0, failed(op.key)]] : undefined));
    const first = await runPlan(plan, world1);
    expect(first.ending).toMatchObject({ idle: 'paused' });
    const command: FactBody = { fact: 'commanded', id: 't', who: { who: 'ann', by: 'os-user' }, command: { name: 'continue' }, reason: 'mended' };
    const second = await takeUp(first, world1, [command]);
    expect(second.ending).toEqual({ idle: 'over', outcome: 'succeeded' });
    expect(tasksOf(second.journal)).toEqual(['p/1!run.1', 'p/1!run.2', 'p/2!run.1']);
    expect(second.state.groups.get('p')?.end).toBe('succeeded');
    expect(second.state.steps.get('p/1')?.failure).toBeUndefined();
  });

  const goOn: FactBody = { fact: 'commanded', id: 'c', who: { who: 'ann', by: 'os-user' }, command: { name: 'continue' }, reason: 'looked at it' };
  const answerTo = (key: string, answer: Answer): FactBody => ({ fact: 'answered', key, id: key, who: { who: 'bob', by: 'os-user' }, answer, fingerprint: 'f1' });

  test('the finally of a stage that continue opens again waits for its new end, and takes no slot in it', async () => {
    const plan = planOf(
      [task('a/do'), approval('a/sure', 1, [], { needs: ['a/do'], onFailure: 'pause' }), task('a/finally/stop', { phase: 'finally', rollback: 'nothing' })],
      [group('a', { maxParallel: 1 }), group('a/finally', { kind: 'finally' })],
    );
    const first = await runPlan(plan, world((op) => (op.op === 'ask' ? [[0, answerTo(op.key, op.key === 'a/sure!ask.1' ? 'no' : 'yes')]] : undefined)));
    const { ending, journal } = await takeUp(first, world((op) => (op.op === 'ask' ? [[0, answerTo(op.key, 'yes')]] : undefined)), [goOn]);
    expect(ending).toEqual({ idle: 'over', outcome: 'succeeded' });
    expect(opsOf(journal).map(({ key }) => key)).toEqual(['a/do!run.1', 'a/sure!ask.1', 'a/sure!ask.2', 'a/finally/stop!run.1']);
  });

  test('a gate that timed out with on-failure pause is accepted by continue', async () => {
    const plan = planOf([task('a/gate', { act: { act: 'gate' }, rollback: 'nothing', onFailure: 'pause', timeoutMs: minute, gates: [{ gate: 'health' }] }), task('a/next', { needs: ['a/gate'] })]);
    const silent = world((op) => (op.op === 'watch' ? [] : undefined));
    const { ending, state } = await takeUp(await runPlan(plan, silent), silent, [goOn]);
    expect(ending).toEqual({ idle: 'over', outcome: 'succeeded' });
    expect(state.steps.get('a/gate')).toMatchObject({ isOverridden: true, because: expect.stringContaining('accepted by a person despite') as string });
  });

  test('an approval that was rejected with on-failure pause is asked for again after continue, and watched', async () => {
    const plan = planOf([approval('a/sure', 1, [], { onFailure: 'pause', timeoutMs: minute, gates: [{ gate: 'health' }] }), task('a/next', { needs: ['a/sure'] })]);
    const answering = world((op) => (op.op === 'ask' ? [[1_000, answerTo(op.key, op.key === 'a/sure!ask.1' ? 'no' : 'yes')]] : op.op === 'watch' ? [] : undefined));
    const first = await runPlan(plan, answering);
    expect(first.ending).toMatchObject({ idle: 'paused' });
    const { ending, journal } = await takeUp(first, answering, [goOn]);
    expect(ending).toEqual({ idle: 'over', outcome: 'succeeded' });
    expect(opsOf(journal).map(({ key }) => key)).toEqual([
      'a/sure!timeout.1', 'a/sure!ask.1', 'a/sure!watch.health', 'a/sure!timeout.2', 'a/sure!ask.2', 'a/sure!watch.health', 'a/next!run.1',
    ]);
  });

  test('a gate step passes when its evaluation is conclusive, and fails at its timeout', async () => {
    const plan = planOf([task('p/wait', { act: { act: 'gate' }, rollback: 'nothing', timeoutMs: 20 * minute, gates: [{ gate: 'health' }] })]);
    const inconclusiveFirst = world((op) => (op.op === 'watch' ? [[1, judged(op.key, { conclusive: false })], [minute, judged(op.key)]] : undefined));
    expect(await runPlan(plan, inconclusiveFirst)).toMatchObject({ ending: { outcome: 'succeeded' }, at: minute });
    const never = world((op) => (op.op === 'watch' ? [[1, judged(op.key, { conclusive: false })]] : undefined));
    expect(await runPlan(plan, never)).toMatchObject({ ending: { outcome: 'failed' }, at: 20 * minute });
  });

  test('a watched task is cancelled and rolled back when its gate fails', async () => {
    const plan = planOf([task('p/load', { gates: [{ gate: 'health' }] })]);
    const { state, ending } = await runPlan(plan, world((op) => (op.op === 'watch' ? [[100, judged(op.key, { verdict: 'fail', because: 'errors' })]] : undefined)));
    expect(state.steps.get('p/load')?.end).toBe('failed');
    expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
  });
});

describe('approvals', () => {
  const vote = (who: string, id: string, more: Partial<Extract<FactBody, { fact: 'answered' }>> = {}): FactBody => ({
    fact: 'answered', key: 'a/yes!ask.1', id, who: { who, by: 'os-user' }, answer: 'yes', fingerprint: 'f1', ...more,
  });

  test('each approver counts once, and votes for another plan or by other people do not count', async () => {
    const { ending, at } = await runPlan(planOf([approval('a/yes', 2, ['ann', 'bob'])]), world(), {
      inbox: [[1, vote('ann', '1')], [2, vote('ann', '2')], [3, vote('bob', '3', { fingerprint: 'f0' })], [4, vote('eve', '4')], [9, vote('bob', '5')]],
    });
    expect(ending).toEqual({ idle: 'over', outcome: 'succeeded' });
    expect(at).toBe(9);
  });

  test('one no of a person who was asked ends an approval, however many approvals it has', async () => {
    const plan = planOf([approval('a/yes', 3, ['ann', 'bob', 'zoe'])]);
    const { ending, at } = await runPlan(plan, world(), { inbox: [[1, vote('ann', '1')], [2, vote('bob', '2')], [3, vote('zoe', '3', { answer: 'no' })]] });
    expect({ ending, at }).toEqual({ ending: { idle: 'over', outcome: 'failed' }, at: 3 });
  });

  test('answers that arrive together are counted before one of them decides, each for its own question', async () => {
    const plan = planOf([approval('a/yes', 1, []), approval('b/yes', 1, [])], [group('a'), group('b')]);
    const journal = (await runPlan(plan, world(), { inbox: [[5, vote('ann', '9', { key: 'a/yes!ask.1', answer: 'no' })]] })).journal.slice(0, 2);
    const other = { key: 'b/yes!ask.1' };
    const both = await takeUp({ journal }, world(), [vote('ann', '1'), vote('ann', '2', other)]);
    expect([...both.state.steps.values()].map(({ end }) => end)).toEqual(['succeeded', 'succeeded']);
    const withdrawn = await takeUp({ journal }, world(), [vote('ann', '1'), vote('ann', '2', other), vote('ann', '3', { answer: 'no' })]);
    expect([...withdrawn.state.steps.values()].map(({ end }) => end)).toEqual(['failed', 'succeeded']);
  });

  test('an approval fails on a rejection and at its timeout', async () => {
    const plan = planOf([approval('a/yes', 1, [], { timeoutMs: 72 * hour })]);
    expect((await runPlan(plan, world(), { inbox: [[5, vote('ann', '1', { answer: 'no' })]] })).ending).toEqual({ idle: 'over', outcome: 'failed' });
    expect(await runPlan(plan, world())).toMatchObject({ ending: { outcome: 'failed' }, at: 72 * hour });
  });
});

describe('rollback', () => {
  test('a rollback that fails is tried three times, and the steps it depends on are not rolled back', async () => {
    const plan = planOf([task('a/1'), task('a/2', { needs: ['a/1'] }), task('a/3', { needs: ['a/2'] })]);
    const { ending, journal } = await runPlan(
      plan,
      world((op) => (op.key === 'a/3!run.1' ? [[0, failed(op.key)]] : op.op === 'task' && op.verb === 'rollback' && op.step === 'a/2' ? [[0, failed(op.key)]] : undefined)),
    );
    expect(ending).toEqual({ idle: 'over', outcome: 'rollback-failed' });
    expect(tasksOf(journal).filter((key) => key.includes('!rollback'))).toEqual(['a/3!rollback.1', 'a/2!rollback.1', 'a/2!rollback.2', 'a/2!rollback.3']);
  });

  test('a step that failed before it saved its state is not rolled back', async () => {
    const plan = planOf([task('a/1', { savesState: true })]);
    const { ending } = await runPlan(plan, world((op) => (op.op === 'task' ? [[0, failed(op.key)]] : undefined)));
    expect(ending).toEqual({ idle: 'over', outcome: 'failed' });
  });

  test('a step whose type was not called is not rolled back', async () => {
    const script = world((op) => (op.key === 'a/2!run.1' ? [[0, notCalled(op.key)]] : undefined));
    const { ending, journal } = await runPlan(planOf([task('a/1'), task('a/2', { needs: ['a/1'] })]), script);
    expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(tasksOf(journal)).toEqual(['a/1!run.1', 'a/2!run.1', 'a/1!rollback.1']);
  });

  test('a step whose type was not called on any try is not rolled back after continue either', async () => {
    const plan = planOf([task('a/1', { onFailure: 'pause', onLost: 'retry' })]);
    const script = world((op) => (op.key.startsWith('a/1!run') ? [[0, notCalled(op.key)]] : undefined));
    const say = (command: Command, id: string): FactBody => commanded(id, command, 'try again');
    const paused = await runPlan(plan, script);
    const again = await takeUp(paused, script, [say({ name: 'continue' }, 't1')]);
    expect(tasksOf(again.journal)).toEqual(['a/1!run.1', 'a/1!run.2']);
    const rolledBack = await takeUp(again, script, [say(rollback, 't2')]);
    expect(tasksOf(rolledBack.journal)).toEqual(['a/1!run.1', 'a/1!run.2']);
    expect(rolledBack.ending).toMatchObject({ idle: 'over' });
  });

  test('a rollback stops before an irreversible step, and continue leaves the changes in place', async () => {
    const plan = planOf([task('a/deploy'), task('a/publish', { needs: ['a/deploy'], rollback: 'impossible' }), task('a/tell', { needs: ['a/publish'] })]);
    const script = world((op) => (op.key === 'a/tell!run.1' ? [[0, failed(op.key)]] : undefined));
    const { ending, journal } = await runPlan(plan, script);
    expect(ending).toMatchObject({ idle: 'paused', because: expect.stringContaining('a/publish') as string });
    expect(tasksOf(journal)).not.toContain('a/deploy!rollback.1');

    const command: FactBody = { fact: 'commanded', id: 't', who: { who: 'ann', by: 'os-user' }, command: { name: 'continue' }, reason: 'published is published' };
    expect((await takeUp({ journal }, script, [command])).ending).toEqual({ idle: 'over', outcome: 'stopped' });
  });

  test('a composite is rolled back as one unit: staged by default, immediately on a critical breach', async () => {
    const rollback = rollbackList(
      [task('p/c/rollback-now/restore', { group: 'p/c' })],
      [task('p/c/rollback-staged/ramp', { group: 'p/c' }), hold('p/c/rollback-staged/hold', '1m', { needs: ['p/c/rollback-staged/ramp'], group: 'p/c' }), task('p/c/rollback-staged/restore', { needs: ['p/c/rollback-staged/hold'], group: 'p/c' })],
    );
    const plan = planOf([task('p/c/shift'), hold('p/c/hold', '1h', { needs: ['p/c/shift'], gates: [{ gate: 'health' }] })], [group('p'), group('p/c', { kind: 'composite', rollback })]);
    const breach = (critical: boolean) => world((op) => (op.op === 'watch' ? [[minute, judged(op.key, { verdict: 'fail', critical })]] : undefined));
    expect(tasksOf((await runPlan(plan, breach(false))).journal)).toEqual(['p/c/shift!run.1', 'p/c/rollback-staged/ramp!run.1', 'p/c/rollback-staged/restore!run.1']);
    expect(tasksOf((await runPlan(plan, breach(true))).journal)).toEqual(['p/c/shift!run.1', 'p/c/rollback-now/restore!run.1']);
  });

  test('a staged rollback that fails is replaced by the immediate one', async () => {
    const rollback = rollbackList([task('p/c/rollback-now/restore', { group: 'p/c' })], [task('p/c/rollback-staged/ramp', { group: 'p/c' }), task('p/c/rollback-staged/restore', { needs: ['p/c/rollback-staged/ramp'], group: 'p/c' })]);
    const plan = planOf([task('p/c/shift'), task('p/c/boom', { needs: ['p/c/shift'] })], [group('p'), group('p/c', { kind: 'composite', rollback })]);
    const { ending, journal } = await runPlan(plan, world((op) => (op.step === 'p/c/boom' || op.step === 'p/c/rollback-staged/ramp' ? [[0, failed(op.key)]] : undefined)));
    expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(tasksOf(journal).at(-1)).toBe('p/c/rollback-now/restore!run.1');
  });

  test('a rollback ramp continues while its gate fails, and ends on a critical breach', async () => {
    const rollback = rollbackList(
      [task('p/c/rollback-now/restore', { group: 'p/c' })],
      [task('p/c/rollback-staged/ramp', { group: 'p/c' }), hold('p/c/rollback-staged/hold', '1m', { needs: ['p/c/rollback-staged/ramp'], group: 'p/c', gates: [{ gate: 'health' }] }), task('p/c/rollback-staged/restore', { needs: ['p/c/rollback-staged/hold'], group: 'p/c' })],
    );
    const plan = planOf([task('p/c/shift'), task('p/c/boom', { needs: ['p/c/shift'] })], [group('p'), group('p/c', { kind: 'composite', rollback })]);
    const failing = (critical: boolean) =>
      world((op) => (op.step === 'p/c/boom' ? [[0, failed(op.key)]] : op.op === 'watch' ? [[1_000, judged(op.key, { verdict: 'fail', critical })]] : undefined));
    expect(tasksOf((await runPlan(plan, failing(false))).journal).at(-1)).toBe('p/c/rollback-staged/restore!run.1');
    expect(tasksOf((await runPlan(plan, failing(true))).journal).at(-1)).toBe('p/c/rollback-now/restore!run.1');
  });

  test('rollback --now replaces a staged rollback by the immediate one', async () => {
    const rollback = rollbackList([task('p/c/rollback-now/restore', { group: 'p/c' })], [task('p/c/rollback-staged/ramp', { group: 'p/c' }), hold('p/c/rollback-staged/hold', '1h', { needs: ['p/c/rollback-staged/ramp'], group: 'p/c' })]);
    const plan = planOf([task('p/c/shift'), hold('p/c/hold', '10h', { needs: ['p/c/shift'] })], [group('p'), group('p/c', { kind: 'composite', rollback })]);
    const command = (id: string, urgency: 'now' | 'staged'): FactBody => commanded(id, { name: 'rollback', urgency }, 'bad');
    const { ending, at } = await runPlan(plan, world(), { inbox: [[hour, command('1', 'staged')], [hour + minute, command('2', 'now')]] });
    expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(at).toBeLessThan(hour + 2 * minute);
  });

  test('on-failure stop starts nothing more and leaves the changes in place', async () => {
    const plan = planOf([task('a/1'), task('a/2', { needs: ['a/1'], onFailure: 'stop' }), task('b/1', { group: 'b' }), hold('c/1', '24h', { group: 'c' })]);
    const { ending, journal, at } = await runPlan(plan, world((op) => (op.key === 'a/2!run.1' ? [[0, failed(op.key)]] : op.step === 'b/1' ? [[minute, ok(op.key)]] : undefined)));
    expect(ending).toEqual({ idle: 'over', outcome: 'stopped' });
    expect(tasksOf(journal).some((key) => key.includes('!rollback'))).toBe(false);
    expect(at).toBe(minute);
  });

  test('a task that does not stop when asked has an unknown end after the grace time, and is rolled back', async () => {
    const plan = planOf([task('a/1'), task('b/1', { group: 'b' })]);
    const { state, ending } = await runPlan(plan, world((op) => (op.key === 'a/1!run.1' ? [[hour, ok(op.key)]] : op.key === 'b/1!run.1' ? [[10, failed(op.key)]] : undefined)), { stopsAfterMs: 2 * hour });
    expect(state.steps.get('a/1')?.end).toBe('unknown');
    expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
  });
});

describe('lost tasks', () => {
  test.each([
    ['not-done', 2],
    ['partly', 2],
    ['done', 1],
  ] as const)('a lost step whose probe finds %s runs %i times', async (found, times) => {
    const plan = planOf([task('a/1')]);
    const { journal, ending } = await runPlan(
      plan,
      world((op) => (op.key === 'a/1!run.1' ? [[0, { fact: 'ended', key: op.key, result: { status: 'lost' } }]] : op.op === 'task' && op.verb === 'probe' ? [[0, probed(op.key, found)]] : undefined)),
    );
    expect(ending).toEqual({ idle: 'over', outcome: 'succeeded' });
    expect(tasksOf(journal).filter((key) => key.startsWith('a/1!run'))).toHaveLength(times);
  });

  test('a lost step without a probe asks a person, and follows the answer', async () => {
    const plan = planOf([task('a/1', { onLost: 'ask' })]);
    const lost = world((op) => (op.key === 'a/1!run.1' ? [[0, { fact: 'ended', key: op.key, result: { status: 'lost' } }]] : undefined));
    const answered = (answer: Answer): FactBody => ({ fact: 'answered', key: 'a/1!ask.1', id: 'x', who: { who: 'ann', by: 'os-user' }, answer, fingerprint: 'f1' });
    expect(tasksOf((await runPlan(plan, lost, { inbox: [[5, answered('yes')]] })).journal)).toEqual(['a/1!run.1']);
    expect(tasksOf((await runPlan(plan, lost, { inbox: [[5, answered('no')]] })).journal)).toEqual(['a/1!run.1', 'a/1!run.2']);
  });
});
