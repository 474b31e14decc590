import { describe, expect, test } from 'vitest';
import type { PlanStep } from '../../../src/plan/plan.ts';
import type { FactBody, ResolvedGroups } from '../../../src/run/core/fact.ts';
import type { Script } from '../../../src/run/simulated/simulated-runtime.ts';
import { commanded, hour, minute, ok, planOf, task } from './plans.ts';
import { opsOf, runPlan, takeUp } from './run-plan.ts';

type Answer = Extract<FactBody, { fact: 'answered' }>;
type Approval = Extract<PlanStep['act'], { act: 'approval' }>;

let answers = 0;
const answer = (who: string, more: Partial<Answer> = {}): FactBody => ({
  fact: 'answered', key: 'a/sure!ask.1', id: `v${String((answers += 1))}`, who: { who, by: 'os-user' }, answer: 'yes', fingerprint: 'f1', ...more,
});

const asking = (act: Partial<Approval>, more: Partial<PlanStep> = {}) =>
  planOf([
    task('a/sure', { act: { act: 'approval', ask: 'Go?', quorum: 1, of: [], ...act }, rollback: 'nothing', timeoutMs: 72 * hour, ...more }),
    task('a/ship', { needs: ['a/sure'] }),
  ]);

const onCall = { of: [{ group: 'on-call' }] } as const;
const people = (...names: readonly string[]): ResolvedGroups => ({ 'on-call': { people: names } });
const unknown: ResolvedGroups = { 'on-call': { problem: 'the roster is down' } };

/** Tasks succeed; each look-up of groups finds the next of these. */
function world(...found: readonly ResolvedGroups[]): Script {
  let next = 0;
  return (op) => {
    if (op.op === 'task') return [[0, ok(op.key)]];
    if (op.op !== 'resolve') return [];
    const groups = found[Math.min(next++, found.length - 1)] ?? {};
    return [[10, { fact: 'resolved', key: op.key, groups }]];
  };
}

const sure = async (act: Partial<Approval>, inbox: readonly (readonly [number, FactBody])[], script = world(), more: Partial<PlanStep> = {}) => {
  const { state, at, journal } = await runPlan(asking(act, more), script, { inbox });
  const { end, because, output } = state.steps.get('a/sure')!;
  return { end, because, output, at, journal };
};

describe('everybody of a list has to approve', () => {
  const all = { quorum: 'all', of: ['ann', 'bob'] } as const;

  test('an approval of each person of the list decides, and no other', async () => {
    expect(await sure(all, [[1, answer('ann')], [2, answer('ann')], [3, answer('eve')], [4, answer('bob')]])).toMatchObject({ end: 'succeeded', at: 4, because: 'approved by ann, bob' });
  });

  test('a delegate answers for each person whose answer is missing', async () => {
    const inbox = [[1, answer('zoe', { onBehalfOf: 'ann' })], [2, answer('zoe', { onBehalfOf: 'bob' })]] as const;
    expect(await sure({ ...all, delegates: ['zoe'] }, inbox)).toMatchObject({ end: 'succeeded', at: 2, because: 'approved by zoe on behalf of ann, zoe on behalf of bob' });
  });

  test.each([
    ['a list without people', { quorum: 'all', of: [{ names: { $expr: '[]', reads: [] } }] }, 'there is nobody to ask'],
    ['a list in which everybody is excepted', { quorum: 'all', of: ['ann'], except: ['ann'] }, 'there is nobody to ask'],
    ['too few people after the exceptions', { quorum: 2, of: ['ann', 'bob'], except: ['bob'] }, 'its quorum is 2, but only 1 may approve'],
    ['a name that is none', { of: [{ names: { $expr: '"ann, bob"', reads: [] } }] }, 'its approvers include "ann, bob"; expected a name or a list of names'],
  ] as const)('%s fails the step at once', async (_, act, because) => {
    expect(await sure(act as unknown as Partial<Approval>, [])).toMatchObject({ end: 'failed', at: 0, because });
  });
});

describe('one person', () => {
  test('counts once, also as a delegate', async () => {
    const act = { quorum: 2, of: ['ann', 'bob', 'zoe'], delegates: ['zoe'] };
    const inbox = [[1, answer('zoe')], [2, answer('zoe', { onBehalfOf: 'ann' })], [3, answer('zoe', { onBehalfOf: 'bob' })], [9, answer('ann')]] as const;
    expect(await sure(act, inbox)).toMatchObject({ end: 'succeeded', at: 9, because: 'approved by zoe on behalf of bob, ann' });
  });

  test('who is excepted answers neither for themselves nor for others', async () => {
    const act = { of: ['ann', 'bob'], except: ['zoe', 'bob'], delegates: ['zoe', 'tim'] };
    const inbox = [[1, answer('bob')], [2, answer('zoe', { onBehalfOf: 'ann', answer: 'no' })], [3, answer('tim', { onBehalfOf: 'bob' })], [4, answer('tim', { onBehalfOf: 'ann' })]] as const;
    expect(await sure(act, inbox)).toMatchObject({ end: 'succeeded', at: 4 });
  });

  test('a no of a delegate is the no of the person', async () => {
    const inbox = [[1, answer('tim', { onBehalfOf: 'ann', answer: 'no', comment: 'she is ill' })]] as const;
    expect(await sure({ of: ['ann'], delegates: ['tim'] }, inbox)).toMatchObject({ end: 'failed', because: 'rejected by tim on behalf of ann: she is ill' });
  });
});

describe('a checklist', () => {
  const checklist = { items: ['docs', 'tests'], of: ['ann', 'bob'] };

  test('each item is approved by itself, and a yes to everything counts for none', async () => {
    const inbox = [[1, answer('ann')], [2, answer('ann', { items: [1] })], [3, answer('bob', { items: [3] })], [4, answer('bob', { items: [2] })]] as const;
    expect(await sure(checklist, inbox)).toMatchObject({ end: 'succeeded', at: 4, because: 'approved by ann, bob' });
  });

  test('a withdrawn item is open again', async () => {
    const inbox = [[1, answer('ann', { items: [1, 2], id: 'x' })], [2, answer('ann', { items: [1], answer: 'withdrawn' })]] as const;
    expect(await sure({ ...checklist, quorum: 2 }, [...inbox, [3, answer('bob', { items: [1, 2] })], [4, answer('ann', { items: [1] })]])).toMatchObject({ end: 'succeeded', at: 4 });
  });
});

describe('silence', () => {
  test('rejects at the timeout, or approves where the file says so', async () => {
    expect(await sure({}, [])).toMatchObject({ end: 'failed', at: 72 * hour });
    expect(await sure({ atTimeout: 'approve' }, [])).toMatchObject({ end: 'succeeded', at: 72 * hour, because: 'nobody rejected it before the timeout, which counts as approved' });
  });

  test('a no that has arrived when the time is over is no silence', async () => {
    const { journal } = await runPlan(asking({ atTimeout: 'approve', of: ['ann'] }), world(), { inbox: [[5, answer('ann')]] });
    const open = journal.slice(0, 2);
    const timeout: FactBody = { fact: 'fired', key: 'a/sure!timeout.1' };
    const rejected = await takeUp({ journal: open }, world(), [timeout, answer('ann', { answer: 'no' })]);
    expect(rejected.state.steps.get('a/sure')).toMatchObject({ end: 'failed', because: 'rejected by ann' });
    const other = await takeUp({ journal: open }, world(), [timeout, answer('eve', { answer: 'no' })]);
    expect(other.state.steps.get('a/sure')).toMatchObject({ end: 'succeeded' });
  });

  test('a question that nobody could be asked is never approved by silence', async () => {
    expect(await sure({ ...onCall, atTimeout: 'approve' }, [], world(unknown), { timeoutMs: 10 * minute })).toMatchObject({ end: 'failed', at: 10 * minute });
  });
});

describe('groups whose members are looked up', () => {
  test('the question is asked when the look-up succeeds, and only then', async () => {
    const { end, journal, at } = await sure(onCall, [[30_000, answer('ann', { groups: people('ann') })]], world(unknown, unknown, people('ann')));
    expect({ end, at }).toEqual({ end: 'succeeded', at: 30_000 });
    expect(opsOf(journal).filter(({ op }) => op !== 'task').map(({ key }) => key)).toEqual([
      'a/sure!timeout.1', 'a/sure!groups.1', 'a/sure!backoff.1', 'a/sure!groups.2', 'a/sure!backoff.2', 'a/sure!groups.3', 'a/sure!ask.1',
    ]);
  });

  test('a process that takes the run up looks them up again', async () => {
    const { journal } = await sure(onCall, [[100, answer('ann', { groups: people('ann') })]], world(people('ann')));
    const died = journal.findIndex(({ fact }) => fact === 'resolved');
    const { state } = await takeUp({ journal: journal.slice(0, died) }, (op) => (op.op === 'ask' ? [[1, answer('bob', { groups: people('bob') })]] : world(people('bob'))(op)), []);
    expect(state.steps.get('a/sure')).toMatchObject({ end: 'succeeded', because: 'approved by bob' });
  });

  test('a group without people fails the step', async () => {
    expect(await sure(onCall, [], world(people()))).toMatchObject({ end: 'failed', because: 'there is nobody to ask' });
  });

  test('the people are those of the moment of the answer', async () => {
    const inbox = [
      [100, answer('ann', { groups: people('ann', 'bob') })],
      [200, answer('ann', { groups: people('bob') })],
      [300, answer('bob', { groups: unknown })],
      [400, answer('bob', { groups: people() })],
      [500, answer('bob')],
      [600, answer('bob', { groups: people('bob', 'zoe') })],
      [700, answer('zoe', { groups: people('bob', 'zoe') })],
    ] as const;
    const { end, because, at, journal } = await sure({ ...onCall, quorum: 2 }, inbox, world(people('ann', 'bob')));
    expect({ end, because, at }).toEqual({ end: 'succeeded', because: 'approved by bob, zoe', at: 700 });
    const votes = journal.flatMap((fact) => (fact.fact === 'decided' ? fact.changes : [])).filter((change) => change.do === 'vote');
    expect(votes.map(({ counts, because: why }) => (counts ? 'counts' : why))).toEqual([
      'counts',
      'its quorum is 2, but only 1 may approve',
      'the group on-call cannot be resolved: the roster is down',
      'there is nobody to ask',
      'the group on-call was not resolved',
      'counts',
      'counts',
    ]);
  });
});

test('nothing that waits for a question starts when it cannot be asked', async () => {
  const { journal } = await sure({ of: ['ann'], except: ['ann'] }, []);
  expect(opsOf(journal).map(({ key }) => key)).toEqual([]);
});

test('later steps read who approved, for whom, when, and what they said', async () => {
  const inbox = [[1_000, answer('ann', { comment: 'go' })], [2_000, answer('tim', { onBehalfOf: 'bob' })]] as const;
  const { output } = await sure({ quorum: 'all', of: ['ann', 'bob'], delegates: ['tim'] }, inbox);
  expect(output).toEqual({ by: ['ann', 'tim'], 'on-behalf-of': ['bob'], at: '1970-01-01T00:00:02.000Z', comments: ['go'] });
});

test('the person who started a run can be excepted', async () => {
  const except = [{ names: { $expr: '=run/started-by', reads: [] } }];
  expect(await sure({ of: ['ann', 'bob'], except }, [[1, answer('ann')], [2, answer('bob')]])).toMatchObject({ end: 'succeeded', at: 2 });
});

describe('operators', () => {
  const operated = { ...asking({ quorum: 1, of: ['bob'] }, { onFailure: 'pause' }), operators: ['olga', { group: 'on-call' }] as const };
  const go = (who: string, groups?: ResolvedGroups): FactBody => ({
    ...(commanded(`c-${who}`, { name: 'continue' }, 'they talked') as Extract<FactBody, { fact: 'commanded' }>), who: { who, by: 'os-user' }, ...(groups && { groups }),
  });

  test.each([
    ['an operator of a list', go('olga', people('ann')), 'succeeded'],
    ['an operator of a group that is looked up', go('ann', people('ann')), 'succeeded'],
    ['a person who is none', go('eve', people('ann')), undefined],
    ['an operator while the group cannot be looked up', go('olga', unknown), undefined],
  ])('%s decides whether a run continues', async (_, command, end) => {
    const paused = await runPlan(operated, world(), { inbox: [[5, answer('bob', { answer: 'no' })]] });
    expect(paused.ending).toMatchObject({ idle: 'paused' });
    const again = takeUp(paused, (op) => (op.op === 'ask' ? [[1, answer('bob', { key: op.key })]] : world()(op)), [command]);
    expect((await again).state.steps.get('a/ship')?.end).toBe(end);
  });

  test('everybody may roll back an open run', async () => {
    const paused = await runPlan(operated, world(), { inbox: [[5, answer('bob', { answer: 'no' })]] });
    const { state } = await takeUp(paused, world(), [commanded('c9', { name: 'rollback', urgency: 'staged' }, 'stop')]);
    expect(state.mode).toBe('finally');
  });
});
