import { describe, expect, test } from 'vitest';
import type { NotifyEvent } from '../../../src/model/notify.ts';
import type { PlanChannel, PlanStep } from '../../../src/plan/plan.ts';
import type { Script } from '../../../src/run/simulated/simulated-runtime.ts';
import { answering, attemptsIn, channel, delivered, refused, timedOut, toldTo, unreachable, withChannels } from './channels.ts';
import { approval, failed, hold, hour, judged, minute, ok, planOf, task } from './plans.ts';
import { changesOf, runPlan, takeUp } from './run-plan.ts';

/** Steps succeed, people say yes. */
const fine: Script = (op) => {
  if (op.op === 'task') return [[1_000, ok(op.key, op.verb === 'run' && op.step.endsWith('shift') ? { weight: '10%', previous: '0%' } : {})]];
  return op.op === 'ask' ? [[1_000, { fact: 'answered', key: op.key, id: 'a1', who: { who: 'bob', by: 'os-user' }, answer: 'yes', fingerprint: 'f1' }]] : [];
};

const oneStep = (more: Partial<PlanChannel> = {}, step: PlanStep = task('s/shift')) => withChannels(planOf([step]), channel(more));

/** How the deliveries to the channels ended, in their order. */
const endsIn = (journal: Parameters<typeof toldTo>[0]) => journal.flatMap(changesOf).flatMap((change) => (change.do === 'end-delivery' ? [change.end] : []));

describe('what a channel is told', () => {
  test('a run that succeeds: its start, each new weight and its end, each once', async () => {
    const { journal, ending } = await runPlan(oneStep(), answering(() => delivered, fine));
    expect(toldTo(journal)).toEqual(['started', 'weight', 'succeeded']);
    expect(attemptsIn(journal)[1]?.notice).toMatchObject({ n: 2, step: 's/shift', weight: 10 });
    expect(ending).toEqual({ idle: 'over', outcome: 'succeeded' });
  });

  test('an end has the word that the channel takes, and is told once', async () => {
    const told = async (...events: NotifyEvent[]) => toldTo((await runPlan(oneStep({ events }), answering(() => delivered, fine))).journal);
    expect(await told('succeeded', 'ended')).toEqual(['succeeded']);
    expect(await told('ended')).toEqual(['ended']);
    expect(await told('rolled-back')).toEqual([]);
  });

  test('who is asked, with the question', async () => {
    const { journal } = await runPlan(oneStep({ events: ['waiting'] }, approval('s/go', 1, ['ann', 'bob'])), answering(() => delivered, fine));
    expect(attemptsIn(journal).map(({ notice }) => notice)).toMatchObject([{ event: 'waiting', step: 's/go', question: { kind: 'approve', text: 'Go on?', people: ['ann', 'bob'] } }]);
  });

  test('a failure with its measurement, the rollback, and that it failed at once', async () => {
    const plan = withChannels(planOf([task('s/shift'), hold('s/hold', '10s', { needs: ['s/shift'], gates: [{ gate: 'health' }] })]), channel());
    const script: Script = (op) => {
      if (op.op === 'watch') return [[2_000, judged(op.key, { verdict: 'fail', because: 'errors is 5 %, above 1 %', coveredUntil: 5_000 })]];
      if (op.op === 'task' && op.verb === 'rollback') return [[1_000, failed(op.key)]];
      return fine(op);
    };
    const { journal } = await runPlan(plan, answering(() => delivered, script));
    expect(toldTo(journal)).toEqual(['started', 'weight', 'failed', 'rollback-failed', 'ended']);
    expect(attemptsIn(journal)[2]?.notice).toMatchObject({ step: 's/hold', because: expect.stringContaining('gate health failed') as string, gates: [{ gate: 'health', verdict: 'fail', because: 'errors is 5 %, above 1 %' }] });
    expect(attemptsIn(journal)[3]?.notice).toMatchObject({ step: 's/shift', failure: { code: 'TEST_FAILED' } });
  });

  test('with from, only what is about these stages and steps', async () => {
    const steps = [task('a/one'), task('b/two', { onFailure: 'continue' })];
    const script: Script = (op) => (op.op === 'task' ? [[1_000, failed(op.key)]] : []);
    const { journal } = await runPlan(withChannels(planOf(steps.map((step) => ({ ...step, onFailure: 'continue' as const }))), channel({ from: ['b'] }), channel({ from: ['a/one'] })), answering(() => delivered, script));
    expect(attemptsIn(journal).map(({ channel, notice }) => [channel, notice.event, notice.step])).toEqual([[1, 'failed', 'a/one'], [0, 'failed', 'b/two']]);
  });

  test('nothing where the plan has no channels', async () => {
    expect(attemptsIn((await runPlan(planOf([task('s/one')]), fine)).journal)).toEqual([]);
  });
});

describe('the delivery of a message', () => {
  test('a message that did not arrive is tried for an hour, with growing pauses, while the run goes on', async () => {
    const plan = withChannels(planOf([hold('s/hold', '3h')]), channel({ events: ['started'] }));
    const { journal, at } = await runPlan(plan, answering(() => unreachable, fine));
    const times = journal.flatMap((fact) => (attemptsIn([fact]).length > 0 ? [fact.at] : []));
    expect(times.slice(0, 4)).toEqual([0, 2_100, 6_200, 14_300]);
    expect(times.at(-1)).toBeLessThanOrEqual(hour);
    expect(times.at(-1)).toBeGreaterThan(hour - 6 * minute);
    expect(endsIn(journal)).toEqual(['undelivered']);
    expect(at).toBe(3 * hour);
  });

  test('a message that is refused is not tried again', async () => {
    const { journal } = await runPlan(oneStep({ events: ['started'] }), answering(() => refused, fine));
    expect([attemptsIn(journal).length, endsIn(journal)]).toEqual([1, ['undelivered']]);
  });

  test('a message that may have arrived is not repeated, unless its receiver recognizes it or somebody has to act on it', async () => {
    const attempts = async (more: Partial<PlanChannel>, step?: PlanStep) => {
      const { journal } = await runPlan(oneStep(more, step), answering(({ attempt }) => (attempt === 1 ? timedOut : delivered), fine));
      return [attemptsIn(journal).map(({ repetition }) => repetition === true), endsIn(journal)];
    };
    expect(await attempts({ events: ['started'] })).toEqual([[false], ['unknown']]);
    expect(await attempts({ events: ['started'], repeatable: true })).toEqual([[false, true], ['delivered']]);
    expect(await attempts({ events: ['waiting'] }, approval('s/go', 1, []))).toEqual([[false, true], ['delivered']]);
  });

  test('a process that was killed while it sent a message leaves it unknown to the next one', async () => {
    const before = await runPlan(oneStep({ events: ['started'] }), answering(() => delivered, fine));
    const cut = before.journal.findIndex(({ fact }) => fact === 'notified');
    const { journal } = await takeUp({ journal: before.journal.slice(0, cut) }, answering(() => delivered, fine), []);
    expect([attemptsIn(journal).length, endsIn(journal)]).toEqual([1, ['unknown']]);
  });

  test('a process that was killed in the pause after a message did not arrive sends it again, and not as a repetition', async () => {
    const world = answering(({ attempt }) => (attempt === 1 ? unreachable : delivered), fine);
    const before = await runPlan(oneStep({ events: ['started'] }), world);
    const cut = before.journal.findIndex((fact) => changesOf(fact).some((change) => change.do === 'start' && change.op.op === 'timer' && change.op.why === 'notify')) + 1;
    const { journal } = await takeUp({ journal: before.journal.slice(0, cut) }, world, []);
    expect([attemptsIn(journal).map(({ repetition }) => repetition), endsIn(journal)]).toEqual([[undefined, undefined], ['delivered']]);
  });

  test('after the end of a run messages get a short grace, and are listed then', async () => {
    const { journal, at, ending } = await runPlan(oneStep({ events: ['ended'] }), answering(() => unreachable, fine));
    expect([ending, endsIn(journal), at]).toEqual([{ idle: 'over', outcome: 'succeeded' }, ['undelivered'], expect.any(Number)]);
    expect(at).toBeLessThan(30_000);
  });

  test('a pause that would outlast the grace after the end is cut short', async () => {
    const plan = withChannels(planOf([hold('s/hold', '30m')]), channel({ events: ['started'] }));
    const { journal, at } = await runPlan(plan, answering(({ attempt }) => (attempt < 9 ? unreachable : delivered), fine));
    expect(endsIn(journal)).toEqual(['delivered']);
    expect(at).toBeLessThan(30 * minute + 1_000);
  });

  test('a document that could not be brought up to date is sent in its newest state only', async () => {
    const plan = withChannels(planOf([task('s/shift')]), channel({ document: true }));
    const { journal } = await runPlan(plan, answering(({ notice }) => (notice.n < 3 ? unreachable : delivered), fine));
    expect(endsIn(journal)).toEqual(['replaced', 'replaced', 'delivered']);
  });

  test('a run parks without waiting for a message that is tried later, and is woken for it', async () => {
    const plan = withChannels(planOf([approval('s/go', 1, [])]), channel({ events: ['waiting'] }));
    const waits: unknown[] = [];
    const script: Script = (op) => (op.op === 'ask' ? [[20 * minute, { fact: 'answered', key: op.key, id: 'a1', who: { who: 'bob', by: 'os-user' }, answer: 'yes', fingerprint: 'f1' }]] : []);
    await runPlan(plan, answering(() => unreachable, script), { onWait: (wait) => waits.push(wait) });
    expect(waits).toContainEqual(expect.objectContaining({ mayPark: false }));
    expect(waits).toContainEqual(expect.objectContaining({ mayPark: true, redeliverAt: expect.any(Number) as number }));
  });
});
