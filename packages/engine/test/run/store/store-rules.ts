import { describe, expect, onTestFinished, test } from 'vitest';
import type { FactBody } from '../../../src/run/core/fact.ts';
import type { MeasurementRecord } from '../../../src/run/measurement-record.ts';
import { emptyChain, linkFact, type ChainHead, type Link } from '../../../src/run/store/fact-chain.ts';
import { factOfCommand, type InboxCommand } from '../../../src/run/store/inbox-command.ts';
import type { GroupReturn } from '../../../src/run/core/change.ts';
import type { GroupAsk } from '../../../src/run/store/group-rules.ts';
import type { Lease, RunStore } from '../../../src/run/store/run-store.ts';
import { planned, run } from '../local/plain-plan.ts';

/** A store under test. */
export interface StoreUnderTest {
  /** Opens the same store, as another process would. */
  readonly open: () => Promise<RunStore>;
  /** Changes what is stored behind the store's back: fact `seq` of the run. */
  readonly tamper: (how: 'change' | 'remove' | 'change its time', seq: number) => void;
}

/** What every store promises: call it in the test file of a store. */
export function storeRules(name: string, newStore: () => Promise<StoreUnderTest>): void {
  describe(`a store of runs on ${name}`, () => {
    test('returns facts as they were recorded, to another process too', async () => {
      const { other } = await withFacts(newStore);
      expect((await other.readRun(run.id)).facts).toEqual([
        { ...planned, seq: 1, at: 5_000 },
        { ...fired('a!timer.1'), seq: 2, at: 5_000 },
        { ...fired('b!timer.1'), seq: 3, at: 5_000 },
      ]);
    });

    test('returns the head from which the next process continues the chain', async () => {
      const { store, head } = await withFacts(newStore);
      expect((await store.readRun(run.id)).head).toEqual(head);
    });

    test('never lets the recorded time go back', async () => {
      const { store, lease, head } = await withFacts(newStore);
      await record(store, lease, [fired('c!timer.1')], head, 10);
      expect((await store.readRun(run.id)).facts.at(-1)).toMatchObject({ seq: 4, at: 5_000 });
    });

    test.each([
      ['change', 2],
      ['remove', 2],
      ['change its time', 3],
      ['remove', 3],
    ] as const)('names the fact when somebody did this to it: %s', async (how, seq) => {
      const { store, tamper } = await withFacts(newStore);
      tamper(how, seq);
      await expect(store.readRun(run.id)).rejects.toMatchObject({ code: 'REL_JOURNAL_CHAIN_BROKEN', message: expect.stringContaining(`Fact ${seq} of run`) as string });
    });

    test('records a batch as a whole or not at all', async () => {
      const { store, lease, head } = await withFacts(newStore);
      const good = linkFact(run.id, head, fired('c!timer.1'), 6_000);
      await expect(store.commit({ ...lease, facts: [good, good], measurements: [measurement], summary: { state: 'over' } })).rejects.toThrow();
      expect((await store.readRun(run.id)).facts).toHaveLength(3);
      expect(await store.readMeasurements(run.id)).toEqual([]);
      expect((await store.findRun(run.id))?.state).toBe('running');
    });

    test('records nothing twice when the answer of a commit was lost and it is sent again', async () => {
      const { store, lease, head } = await withFacts(newStore);
      const { links } = chain([fired('c!timer.1'), fired('d!timer.1')], head);
      const batch = { ...lease, facts: links, measurements: [measurement] };
      await store.commit(batch);
      await store.commit(batch);
      expect((await store.readRun(run.id)).facts).toHaveLength(5);
      expect(await store.readMeasurements(run.id)).toEqual([measurement]);
    });

    test('refuses a commit whose answer was lost when another driver has taken over meanwhile', async () => {
      const { store, other, lease, head } = await withFacts(newStore);
      const { links } = chain([fired('c!timer.1')], head);
      await store.commit({ ...lease, facts: links });
      await lease.release();
      await other.takeLease(run.id);
      await expect(store.commit({ ...lease, facts: links })).rejects.toMatchObject({ code: 'REL_LEASE_LOST' });
    });

    test('refuses facts that do not continue the recorded chain', async () => {
      const { store, lease, head } = await withFacts(newStore);
      await expect(record(store, lease, [fired('d!timer.1')], { ...head, seq: head.seq + 1 })).rejects.toThrow();
      expect((await store.readRun(run.id)).facts).toHaveLength(3);
    });

    test('lists a run with its summary, and refuses the same id a second time', async () => {
      const { store, lease } = await withFacts(newStore);
      await store.commit({ ...lease, summary: { state: 'parked', wakeAt: 9_000 } });
      expect(await store.runs()).toEqual([{ ...run, state: 'parked', wakeAt: 9_000, facts: 3 }]);
      await store.commit({ ...lease, summary: { state: 'over', outcome: 'succeeded' } });
      expect(await store.findRun(run.id)).toEqual({ ...run, state: 'over', outcome: 'succeeded', facts: 3 });
      await expect(store.createRun(run)).rejects.toMatchObject({ code: 'REL_RUN_EXISTS' });
    });

    test('says of a run that it does not know it', async () => {
      const { store } = await withFacts(newStore);
      expect(await store.findRun('20261120-0000-none')).toBeUndefined();
      for (const asked of [store.readRun('20261120-0000-none'), store.takeLease('20261120-0000-none'), store.send({ ...approval, run: '20261120-0000-none' })]) {
        await expect(asked).rejects.toMatchObject({ code: 'REL_RUN_UNKNOWN' });
      }
    });

    test('keeps measurements in the order in which they were recorded', async () => {
      const { store, other, lease } = await withFacts(newStore);
      const later = { ...measurement, at: 2, value: null };
      await store.commit({ ...lease, measurements: [later] });
      await store.commit({ ...lease, measurements: [measurement] });
      expect(await other.readMeasurements(run.id)).toEqual([later, measurement]);
    });

    test('gives a run one driver, also when two ask for it at once', async () => {
      const { store, other } = await withRun(newStore);
      const asked = await Promise.allSettled([store.takeLease(run.id), other.takeLease(run.id)]);
      const taken = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      expect(taken).toHaveLength(1);
      expect(asked.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'REL_RUN_BUSY' } });
      expect(await other.isDriven(run.id)).toBe(true);
      await taken[0]?.release();
      expect(await other.isDriven(run.id)).toBe(false);
    });

    test('gives each driver a higher fence than the one before', async () => {
      const { store, other } = await withRun(newStore);
      const first = await store.takeLease(run.id);
      await first.release();
      expect((await other.takeLease(run.id)).fence).toBe(first.fence + 1);
    });

    test('records nothing more from a driver that lost its lease', async () => {
      const { store, other } = await withRun(newStore);
      const first = await store.takeLease(run.id);
      await first.release();
      const second = await other.takeLease(run.id);
      const lost = { code: 'REL_LEASE_LOST' };
      await expect(record(store, first, [planned], emptyChain)).rejects.toMatchObject(lost);
      await expect(store.commit({ ...first, measurements: [measurement] })).rejects.toMatchObject(lost);
      await expect(store.commit({ ...first, summary: { state: 'over' } })).rejects.toMatchObject(lost);
      expect([await first.beat(), await second.beat()]).toEqual([false, true]);
      await first.release();
      await record(other, second, [planned], emptyChain);
      expect((await other.readRun(run.id)).facts).toHaveLength(1);
    });

    test('keeps commands in the order in which they were sent, until a fact takes them', async () => {
      const { store, other, lease, head } = await withFacts(newStore);
      await other.send(approval);
      await other.send(rollback);
      expect(await store.inbox(run.id)).toEqual([approval, rollback]);
      await record(store, lease, [factOfCommand(approval)], head);
      expect(await store.inbox(run.id)).toEqual([rollback]);
      expect(await other.inbox(run.id)).toEqual([rollback]);
    });

    test('counts a command once: not again when it is sent again, before or after its fact is recorded', async () => {
      const { store, other, lease, head } = await withFacts(newStore);
      await other.send(approval);
      await other.send(approval);
      expect(await store.inbox(run.id)).toEqual([approval]);
      await record(store, lease, [factOfCommand(approval)], head);
      await other.send(approval);
      expect(await store.inbox(run.id)).toEqual([]);
    });

    test.each([
      ['of a newer relpipe', { command: 'hasten', reason: 'lunch' }],
      ['of a newer relpipe that answers a question', { command: 'hand-over', key: 'ask', fingerprint: 'f' }],
      ['without its person', { command: 'rollback', reason: 'wrong', who: undefined }],
      ['without its question', { command: 'approve', fingerprint: 'f' }],
    ])('returns no command %s, and returns those after it', async (_, odd) => {
      const { store, other } = await withFacts(newStore);
      await other.send({ id: 'odd', run: run.id, who: rollback.who, ...odd } as unknown as InboxCommand);
      await other.send(rollback);
      expect(await store.inbox(run.id)).toEqual([rollback]);
      expect(await store.refusedCommands(run.id)).toEqual([{ id: 'odd', because: 'unknown' }]);
    });

    test('keeps a command whose fact was not recorded for the next driver', async () => {
      const { store, other, lease, head } = await withFacts(newStore);
      await other.send(approval);
      await lease.release();
      const next = await other.takeLease(run.id);
      await expect(record(store, lease, [factOfCommand(approval)], head)).rejects.toMatchObject({ code: 'REL_LEASE_LOST' });
      expect(await other.inbox(run.id)).toEqual([approval]);
      await record(other, next, [factOfCommand(approval)], head);
      expect(await other.inbox(run.id)).toEqual([]);
    });

    test('gives a group to one run, also when two ask at once, and again and again to the one that has it', async () => {
      const { ask } = await withTwoRuns(newStore);
      const answers = await Promise.all([ask('first', 'api'), ask('second', 'api')]);
      expect(answers.map(({ is }) => is).sort()).toEqual(['held', 'waiting']);
      expect(await Promise.all([ask('first', 'api'), ask('second', 'api')])).toEqual(answers);
      expect(await ask('second', 'other')).toEqual({ is: 'held' });
    });

    test('names the run that holds a group to the one that is refused, and forgets that this one asked', async () => {
      const { ask, giveBack, other } = await withTwoRuns(newStore);
      await ask('first', 'api');
      expect(await ask('second', 'api', { onConflict: 'fail' })).toEqual({ is: 'refused', holder: run.id, because: 'held' });
      await giveBack();
      expect((await other.groups()).map(({ run: id, at }) => `${id} ${at}`)).toEqual([`${run.id} returned`]);
    });

    test('keeps a group for its run whatever becomes of the process that took it', async () => {
      const { ask, lease, other } = await withTwoRuns(newStore);
      await ask('first', 'api');
      await lease.release();
      await other.takeLease(run.id);
      expect(await ask('second', 'api')).toEqual({ is: 'waiting', holder: run.id });
    });

    test('lets only the driver of a run ask for it', async () => {
      const { ask, lease, other } = await withTwoRuns(newStore);
      await lease.release();
      await other.takeLease(run.id);
      await expect(ask('first', 'api')).rejects.toMatchObject({ code: 'REL_LEASE_LOST' });
      expect(await ask('second', 'api')).toEqual({ is: 'held' });
    });

    test('hands a group to the first that waits in the transaction that gives it back, or not at all', async () => {
      const { ask, giveBack, lease, other } = await withTwoRuns(newStore);
      await ask('first', 'api');
      await ask('second', 'api');
      await lease.release();
      const next = await other.takeLease(run.id);
      await expect(giveBack()).rejects.toMatchObject({ code: 'REL_LEASE_LOST' });
      const atOf = async (id: string) => (await other.groups()).find((row) => row.run === id)?.at;
      expect([await atOf(run.id), await atOf('second')]).toEqual(['held', 'waiting']);
      await other.commit({ ...next, returned: [{ lock: 'api', effect: 'none' }] });
      expect([await atOf(run.id), await atOf('second')]).toEqual(['returned', 'granted']);
      expect(await ask('second', 'api')).toEqual({ is: 'held' });
      expect(await atOf('second')).toBe('held');
    });

    test('refuses a wait that could never end', async () => {
      const { ask } = await withTwoRuns(newStore);
      await ask('first', 'api');
      await ask('second', 'router');
      expect(await ask('first', 'router')).toEqual({ is: 'waiting', holder: 'second' });
      expect(await ask('second', 'api')).toEqual({ is: 'refused', holder: run.id, because: 'cycle' });
    });

    test('gives a finished run its group again for a rollback, unless a later run of the group is in effect', async () => {
      const { ask, giveBack, other, second } = await withTwoRuns(newStore);
      await ask('first', 'api');
      await giveBack();
      expect(await ask('second', 'api')).toEqual({ is: 'held' });
      await other.commit({ ...second, returned: [{ lock: 'api', effect: 'in-effect' }] });
      expect(await ask('first', 'api', { forRollback: true })).toEqual({ is: 'refused', holder: 'second', because: 'later' });
      expect(await ask('second', 'api', { forRollback: true })).toEqual({ is: 'held' });
      await other.commit({ ...second, returned: [{ lock: 'api', effect: 'rolled-back' }] });
      expect(await ask('first', 'api', { forRollback: true })).toEqual({ is: 'held' });
    });
  });
}

/** Two runs, each with its driver in a process of its own, and how they ask for groups. */
async function withTwoRuns(newStore: () => Promise<StoreUnderTest>) {
  const { store, other, lease, head } = await withFacts(newStore);
  await other.createRun({ ...run, id: 'second' });
  const second = await other.takeLease('second');
  const ask = (by: 'first' | 'second', group: string, more: Partial<GroupAsk> = {}) => {
    const { run: id, fence } = by === 'first' ? lease : second;
    return (by === 'first' ? store : other).takeGroup({ run: id, fence, group, onConflict: 'wait', ...more });
  };
  const giveBack = async (effect: GroupReturn['effect'] = 'in-effect') => {
    const { links } = chain([fired('c!timer.1')], head);
    await store.commit({ ...lease, facts: links, returned: [{ lock: 'api', effect }] });
  };
  return { store, other, lease, second, ask, giveBack };
}

async function withRun(newStore: () => Promise<StoreUnderTest>) {
  const { open, tamper } = await newStore();
  const [store, other] = [await open(), await open()];
  onTestFinished(async () => {
    await store.close();
    await other.close();
  });
  await store.createRun(run);
  return { store, other, tamper };
}

/** A driven run with three facts. */
async function withFacts(newStore: () => Promise<StoreUnderTest>) {
  const opened = await withRun(newStore);
  const lease = await opened.store.takeLease(run.id);
  const head = await record(opened.store, lease, [planned, fired('a!timer.1'), fired('b!timer.1')], emptyChain);
  return { ...opened, lease, head };
}

function chain(bodies: readonly FactBody[], from: ChainHead, now = 5_000): { readonly links: readonly Link[]; readonly head: ChainHead } {
  let head = from;
  const links = bodies.map((body) => {
    const link = linkFact(run.id, head, body, now);
    head = { seq: link.fact.seq, at: link.fact.at, hash: link.hash };
    return link;
  });
  return { links, head };
}

async function record(store: RunStore, { run, fence }: Lease, bodies: readonly FactBody[], from: ChainHead, now?: number): Promise<ChainHead> {
  const { links, head } = chain(bodies, from, now);
  await store.commit({ run, fence, facts: links });
  return head;
}

const fired = (key: string): FactBody => ({ fact: 'fired', key });

const who = { who: 'ann', by: 'os-user' } as const;
const approval: InboxCommand = { id: 'c1', run: run.id, who, command: 'approve', key: 'approve/yes!ask.1', fingerprint: 'f1', comment: 'go' };
const rollback: InboxCommand = { id: 'c2', run: run.id, who, command: 'rollback', reason: 'wrong version', urgency: 'now' };

const measurement: MeasurementRecord = { step: 's', gate: 'g', metric: 'm', side: 'candidate', at: 1, value: 'NaN', query: 'up', raw: { a: [1] }, warnings: [] };
