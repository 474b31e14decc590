import { expect, test } from 'vitest';
import type { Answer, FactBody } from '../../../src/run/core/fact.ts';
import type { AskOp, Op } from '../../../src/run/core/operation.ts';
import { openAsks } from '../../../src/run/core/state/open-ops.ts';
import type { Script } from '../../../src/run/simulated/simulated-runtime.ts';
import { failed, group, ok, planOf, probed, task } from './plans.ts';
import { opsOf, runPlan, takeUp, tasksOf, startsOf } from './run-plan.ts';

/** `a/publish` is withdrawn by a person, `c/other` is independent of it, `b/check` fails. */
const plan = () =>
  planOf(
    [task('a/build'), task('a/publish', { needs: ['a/build'], rollback: 'assisted' }), task('c/other'), task('b/check', { rollback: 'nothing' })],
    [group('a'), group('c'), group('b', { needs: ['a', 'c'] })],
  );

type Special = (op: Op) => ReturnType<Script> | undefined;

/** A person answers after a minute; `isDone` decides whether the n-th check finds the rollback done. */
const world =
  (isDone: (check: number) => boolean, special: Special = () => undefined): Script =>
  (op) => {
    const answer = special(op);
    if (answer) return answer;
    if (op.op === 'ask') return [[60_000, answered(op, 'yes')]];
    if (op.op !== 'task') return [];
    if (op.key === 'b/check!run.1') return [[1_000, failed(op.key)]];
    if (op.verb === 'confirm') return [[1_000, { fact: 'ended', key: op.key, result: isDone(op.attempt) ? { status: 'probed', found: 'done' } : { status: 'probed', found: 'not-done', detail: '1.4.0 is there' } }]];
    if (op.verb === 'instruct') return [[1_000, { fact: 'ended', key: op.key, result: { status: 'succeeded', output: 'Remove 1.4.0.' } }]];
    return [[1_000, op.verb === 'probe' ? probed(op.key, 'not-done') : ok(op.key)]];
  };

const answered = (op: Pick<AskOp, 'key'>, answer: Answer, comment?: string): FactBody => ({
  fact: 'answered',
  key: op.key,
  id: op.key,
  who: { who: 'ann', by: 'os-user' },
  answer,
  fingerprint: 'f1',
  ...(comment !== undefined && { comment }),
});

const asksIn = (journal: Parameters<typeof opsOf>[0]): AskOp[] => opsOf(journal).filter((op) => op.op === 'ask');

test('an assisted rollback instructs a person, and checks what they did', async () => {
  const { ending, journal } = await runPlan(plan(), world((check) => check > 1));
  expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
  expect(asksIn(journal)).toMatchObject([{ key: 'a/publish!manual.1', question: 'manual-rollback', text: 'Remove 1.4.0.' }]);
  expect(tasksOf(journal).filter((key) => key.startsWith('a/')).slice(2)).toEqual(['a/publish!confirm.1', 'a/publish!instruct.1', 'a/publish!confirm.2', 'a/build!rollback.1']);
});

test('an assisted rollback that is already done asks nobody', async () => {
  const { ending, journal } = await runPlan(plan(), world(() => true));
  expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
  expect(asksIn(journal)).toEqual([]);
});

test('an assisted rollback asks again, with the result of the latest check, until it is done', async () => {
  const { ending, journal } = await runPlan(plan(), world((check) => check > 3));
  expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
  expect(asksIn(journal).map(({ key, text }) => [key, text])).toEqual([
    ['a/publish!manual.1', 'Remove 1.4.0.'],
    ['a/publish!manual.2', 'Remove 1.4.0. (Last check: 1.4.0 is there)'],
    ['a/publish!manual.3', 'Remove 1.4.0. (Last check: 1.4.0 is there)'],
  ]);
});

test('independent steps are rolled back while a person is asked, and the steps that it depends on wait', async () => {
  const { journal } = await runPlan(plan(), world((check) => check > 1));
  const at = (key: string) => journal.find((fact) => startsOf(fact).some((op) => op.key === key))?.at ?? Number.NaN;
  expect(at('c/other!rollback.1')).toBeLessThan(10_000);
  expect(at('a/build!rollback.1')).toBeGreaterThan(60_000);
});

test('a rollback fails when a person reports that it cannot be done, and the steps it depends on are not rolled back', async () => {
  const { ending, journal, state } = await runPlan(plan(), world(() => false, (op) => (op.op === 'ask' ? [[9, answered(op, 'no', 'it is out of our hands')]] : undefined)));
  expect(ending).toEqual({ idle: 'over', outcome: 'rollback-failed' });
  expect(state.rollback?.units.get('a/publish')?.failure).toMatchObject({ code: 'REL_ROLLBACK_REFUSED', message: 'ann reported that it cannot be rolled back: it is out of our hands' });
  expect(tasksOf(journal)).not.toContain('a/build!rollback.1');
});

test('a check that fails is tried again, and then a person is asked', async () => {
  const { ending, journal } = await runPlan(plan(), world(() => true, (op) => (op.op === 'task' && op.verb === 'confirm' && op.attempt !== 7 ? [[0, failed(op.key)]] : undefined)));
  expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
  expect(asksIn(journal).map(({ text }) => text)).toEqual(['Remove 1.4.0.', 'Remove 1.4.0. (Last check: the check failed: it broke)']);
  const pauses = opsOf(journal).filter((op) => op.op === 'timer' && op.why === 'rollback-backoff').map(({ key }) => key);
  expect(new Set(pauses).size).toBe(pauses.length);
});

test('an instruction that fails three times fails the rollback', async () => {
  const { ending, journal } = await runPlan(plan(), world(() => false, (op) => (op.op === 'task' && op.verb === 'instruct' ? [[0, failed(op.key)]] : undefined)));
  expect(ending).toEqual({ idle: 'over', outcome: 'rollback-failed' });
  expect(tasksOf(journal).filter((key) => key.includes('instruct'))).toHaveLength(3);
});

test('the question of a manual rollback stays open in a resumed run, and an answer for another plan does not count', async () => {
  const silent: Special = (op) => (op.op === 'ask' ? [[1e9, answered(op, 'yes')]] : undefined);
  const whole = await runPlan(plan(), world((check) => check > 1, silent));
  const asked = whole.journal.findIndex((fact) => startsOf(fact).some(({ op }) => op === 'ask'));
  const journal = whole.journal.slice(0, asked + 1);
  const other = { ...answered({ key: 'a/publish!manual.1' }, 'no'), fingerprint: 'f2' } as FactBody;
  const { ending, state } = await takeUp({ journal }, world((check) => check > 1, silent), [other, answered({ key: 'a/publish!manual.1' }, 'yes')]);
  expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
  expect(openAsks(state)).toEqual([]);
});

test('a check that was lost is repeated', async () => {
  const whole = await runPlan(plan(), world((check) => check > 1));
  const cut = whole.journal.findIndex((fact) => startsOf(fact).some(({ key }) => key === 'a/publish!confirm.2'));
  const { ending, journal } = await takeUp({ journal: whole.journal.slice(0, cut + 1) }, world((check) => check > 1), []);
  expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
  expect(tasksOf(journal)).toContain('a/publish!confirm.3');
});
