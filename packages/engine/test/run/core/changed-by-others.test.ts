import { describe, expect, test } from 'vitest';
import type { PlanStep } from '../../../src/plan/plan.ts';
import type { Answer, FactBody } from '../../../src/run/core/fact.ts';
import type { Op, TaskOp } from '../../../src/run/core/operation.ts';
import { openAsks } from '../../../src/run/core/state/open-ops.ts';
import type { Script } from '../../../src/run/simulated/simulated-runtime.ts';
import { failed, group, ok, planOf, rollbackList, task } from './plans.ts';
import { changesOf, opsOf, runPlan, type Simulation, startsOf, takeUp, tasksOf } from './run-plan.ts';

const message = 'Somebody else has changed the weights: expected 5%, found 100%.';

const changed = (key: string): FactBody => ({
  fact: 'ended',
  key,
  result: { status: 'failed', failure: { code: 'TRAFFIC_DRIFT', message, retryable: false, changedByOthers: true } },
});

const answered = (key: string, answer: Answer, more: Partial<Extract<FactBody, { fact: 'answered' }>> = {}): FactBody => ({
  fact: 'answered', key, id: `${key} ${answer}`, who: { who: 'ann', by: 'os-user' }, answer, fingerprint: 'f1', ...more,
});

const saved = (key: string, router: string): FactBody => ({ fact: 'saved', key, state: { by: key, router } });

const mayWrite = (op: Op): boolean => op.op === 'task' && op.overwrite === true;

/** `z/boom` fails. What `finds` names finds the changes of others until it may overwrite them; a person answers after an hour. */
const world =
  (finds: string, answer: Answer, special: (op: Op) => ReturnType<Script> | undefined = () => undefined): Script =>
  (op) => {
    const given = special(op);
    if (given) return given;
    if (op.op === 'ask') return [[3_600_000, answered(op.key, answer)]];
    if (op.op !== 'task') return [];
    if (op.step === 'z/boom') return [[1_000, failed(op.key)]];
    return [[1_000, op.key.startsWith(finds) && !mayWrite(op) ? changed(op.key) : ok(op.key)]];
  };

const boom = task('z/boom', { rollback: 'nothing' });
const stages = [group('a'), group('b'), group('z', { needs: ['a', 'b'] })];

/** `a/shift` finds the changes of others when it is rolled back; `b/other` is independent of it. */
const plan = (...more: readonly PlanStep[]) => planOf([task('a/build'), task('a/shift', { needs: ['a/build'] }), task('b/other'), boom, ...more], stages);

const taskWith = ({ journal }: Pick<Simulation, 'journal'>, key: string): TaskOp | undefined =>
  opsOf(journal).find((op): op is TaskOp => op.op === 'task' && op.key === key);

const startedAt = ({ journal }: Simulation, key: string) => journal.find((fact) => startsOf(fact).some((op) => op.key === key))?.at ?? Number.NaN;

describe('a rollback that finds the changes of others', () => {
  test('asks a person at once, without another try, and rolls back the rest meanwhile', async () => {
    const run = await runPlan(plan(), world('a/shift!rollback', 'yes'));
    expect(opsOf(run.journal).filter(({ op }) => op === 'ask')).toMatchObject([{ key: 'a/shift!overwrite.1', step: 'a/shift', question: 'changed-by-others', text: message, quorum: 1, of: [] }]);
    expect(startedAt(run, 'b/other!rollback.1')).toBeLessThan(10_000);
    expect(startedAt(run, 'a/build!rollback.1')).toBeGreaterThan(3_600_000);
  });

  test('overwrites them after a person has said so, and only then', async () => {
    const run = await runPlan(plan(), world('a/shift!rollback', 'yes'));
    expect(run.ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(taskWith(run, 'a/shift!rollback.1')).not.toHaveProperty('overwrite');
    expect(taskWith(run, 'a/shift!rollback.2')).toMatchObject({ overwrite: true });
    expect(taskWith(run, 'a/build!rollback.1')).not.toHaveProperty('overwrite');
  });

  test('may still overwrite in a later try, when the first one fails', async () => {
    const run = await runPlan(plan(), world('a/shift!rollback', 'yes', (op) => (op.key === 'a/shift!rollback.2' ? [[1_000, failed(op.key, true)]] : undefined)));
    expect(run.ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(taskWith(run, 'a/shift!rollback.3')).toMatchObject({ overwrite: true });
  });

  test('counts as done when a person says that it is rolled back, and continues with what it depends on', async () => {
    const run = await runPlan(plan(), world('a/shift!rollback', 'no'));
    expect(run.ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(tasksOf(run.journal).filter((key) => key.includes('!rollback'))).toEqual(['a/shift!rollback.1', 'b/other!rollback.1', 'a/build!rollback.1']);
    expect(run.state.rollback?.units.get('a/shift')).toMatchObject({ at: 'rolled-back' });
  });

  test('asks again, under another key, when others change it once more', async () => {
    const run = await runPlan(plan(), world('none', 'yes', (op) => (op.op === 'task' && op.step === 'a/shift' && op.verb === 'rollback' && op.attempt < 3 ? [[1_000, changed(op.key)]] : undefined)));
    expect(opsOf(run.journal).flatMap((op) => (op.op === 'ask' ? [op.key] : []))).toEqual(['a/shift!overwrite.1', 'a/shift!overwrite.2']);
    expect(run.ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
  });

  test('keeps its question open in a resumed run, in which only an answer for this plan counts', async () => {
    const silent = world('a/shift!rollback', 'yes', (op) => (op.op === 'ask' ? [] : undefined));
    const whole = await runPlan(plan(), world('a/shift!rollback', 'yes'));
    const asked = whole.journal.findIndex((fact) => startsOf(fact).some(({ op }) => op === 'ask'));
    const inbox = [answered('a/shift!overwrite.1', 'no', { fingerprint: 'f2' }), answered('a/shift!overwrite.1', 'withdrawn'), answered('a/shift!overwrite.1', 'yes')];
    const { ending, state, journal } = await takeUp({ journal: whole.journal.slice(0, asked + 1) }, silent, inbox);
    expect(journal.flatMap(changesOf).filter((change) => change.do === 'vote').map(({ counts }) => counts)).toEqual([false, false, true]);
    expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(openAsks(state)).toEqual([]);
  });

  test('takes no slot of a limit while a person is asked', async () => {
    const limited = { ...planOf([task('a/one'), task('b/two'), boom], stages), maxParallelRollbacks: 1 };
    const run = await runPlan(limited, world('b/two!rollback', 'yes'));
    expect(startedAt(run, 'a/one!rollback.1')).toBeLessThan(10_000);
  });
});

describe('a step of a rollback list that finds the changes of others', () => {
  const canary = group('a/canary', { kind: 'composite', parent: 'a', rollback: rollbackList(
    [task('a/canary/rollback-now/restore')],
    [task('a/canary/rollback-staged/ramp'), task('a/canary/rollback-staged/restore', { needs: ['a/canary/rollback-staged/ramp'] })],
  ) });
  const listed = () => planOf([task('a/canary/shift'), task('a/build'), boom], [...stages, canary]);

  test('asks, runs again and overwrites after a yes, and the next steps of the list follow', async () => {
    const run = await runPlan(listed(), world('a/canary/rollback-staged/ramp', 'yes'));
    expect(run.ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(tasksOf(run.journal).filter((key) => key.startsWith('a/canary/rollback'))).toEqual([
      'a/canary/rollback-staged/ramp!run.1', 'a/canary/rollback-staged/ramp!run.2', 'a/canary/rollback-staged/restore!run.1',
    ]);
    expect(taskWith(run, 'a/canary/rollback-staged/ramp!run.2')).toMatchObject({ overwrite: true });
    expect(taskWith(run, 'a/canary/rollback-staged/restore!run.1')).not.toHaveProperty('overwrite');
  });

  test('is left out with the rest of its list when a person says that it is rolled back', async () => {
    const run = await runPlan(listed(), world('a/canary/rollback-staged/ramp', 'no'));
    expect(run.ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
    expect(tasksOf(run.journal).filter((key) => key.startsWith('a/canary/rollback'))).toEqual(['a/canary/rollback-staged/ramp!run.1']);
    expect(run.state.steps.get('a/canary/rollback-staged/ramp')).toMatchObject({ end: 'cancelled', because: 'ann reported that it is rolled back' });
    expect(run.state.rollback?.units.get('a/canary')).toMatchObject({ at: 'rolled-back' });
  });

  test('frees the slot of its list while a person is asked, and takes it again', async () => {
    const limited = { ...listed(), maxParallelRollbacks: 1 };
    const run = await runPlan(limited, world('a/canary/rollback-staged/ramp', 'yes', (op) => (op.op === 'task' && op.verb === 'rollback' ? [[7_200_000, ok(op.key)]] : undefined)));
    expect(startedAt(run, 'a/build!rollback.1')).toBeLessThan(10_000);
    expect(run.ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
  });
});

test('a step that finds the changes of others on its way forward fails and asks nobody', async () => {
  const run = await runPlan(planOf([task('a/shift')]), world('a/shift!run', 'yes'));
  expect(run.state.steps.get('a/shift')).toMatchObject({ end: 'failed', because: message });
  expect(opsOf(run.journal).filter(({ op }) => op === 'ask')).toEqual([]);
});

describe('what a run has left of a target', () => {
  const shift = (key: string, more: Partial<PlanStep> = {}): PlanStep =>
    task(key, { act: { act: 'task', uses: 'traffic.shift', with: {}, target: ['router'], attemptTimeoutMs: 600_000 }, savesState: true, ...more });

  /** Every task saves its own key before it ends, and what it changes: in `a` another thing than in `b`. */
  const saving = world('none', 'yes', (op) => (op.op === 'task' && op.step !== 'z/boom' ? [[500, saved(op.key, op.step.startsWith('b/') ? 's' : 'r')], [1_000, ok(op.key)]] : undefined));
  const chain = () => planOf([shift('a/one'), shift('a/two', { needs: ['a/one'] }), shift('b/other'), boom], stages);
  type Saved = { readonly by: string; readonly router: string };
  const leftOf = (run: Simulation, key: string, router: string) => ((taskWith(run, key)?.left ?? []) as readonly Saved[]).filter((one) => one.router === router).map(({ by }) => by);

  test('is what its latest task saved, in a run or in a rollback, for each target by itself', async () => {
    const run = await runPlan(chain(), saving);
    expect(['a/one!run.1', 'a/two!run.1', 'a/two!rollback.1', 'a/one!rollback.1'].map((key) => leftOf(run, key, 'r'))).toEqual([
      [], ['a/one!run.1'], ['a/two!run.1'], ['a/two!rollback.1'],
    ]);
    expect(['b/other!run.1', 'b/other!rollback.1'].map((key) => leftOf(run, key, 's'))).toEqual([[], ['b/other!run.1']]);
  });

  test('has the newest state last, also where it replaces an older one', async () => {
    const run = await runPlan(planOf([shift('a/one'), shift('b/other', { needs: ['a/one'] }), shift('a/two', { needs: ['b/other'] }), shift('a/three', { needs: ['a/two'] })]), saving);
    expect(taskWith(run, 'a/three!run.1')?.left).toEqual([{ by: 'b/other!run.1', router: 's' }, { by: 'a/two!run.1', router: 'r' }]);
  });

  test('does not replace what a step itself saved for its rollback', async () => {
    const run = await runPlan(chain(), saving);
    expect(taskWith(run, 'a/two!rollback.1')?.saved).toMatchObject({ by: 'a/two!run.1' });
    expect(run.state.steps.get('a/two')?.saved).toMatchObject({ by: 'a/two!run.1' });
  });

  test('is nothing for a step type that names no target', async () => {
    const run = await runPlan(planOf([task('a/one', { savesState: true }), task('a/two', { needs: ['a/one'] }), boom], stages), saving);
    expect(opsOf(run.journal).filter((op) => op.op === 'task' && op.left !== undefined)).toEqual([]);
  });
});
