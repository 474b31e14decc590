import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { lookUpProcess, identifyProcess } from '../../../src/run/local/process/process-identity.ts';
import { isDriven, leaseTtlMs, takeLease } from '../../../src/run/local/lease/lease.ts';
import { emptyChain, linkFact } from '../../../src/run/local/journal/fact-chain.ts';
import { journalIn, planned, run, saying, temporaryFolder } from './local-fixture.ts';

const clock = { now: () => 5_000 };

function newRun() {
  const folder = temporaryFolder();
  const journal = journalIn(folder);
  journal.createRun(run);
  return { folder, journal };
}

test('a run has one driver: the second one is told who the first one is', () => {
  const { folder, journal } = newRun();
  const lease = takeLease(journal, run.id, clock);
  expect(() => takeLease(journalIn(folder), run.id, clock)).toThrow(
    expect.objectContaining({ code: 'REL_RUN_BUSY', message: saying(`process ${process.pid} on `) }),
  );
  expect(isDriven(journal, run.id, 5_000)).toBe(true);
  lease.release();
  expect(isDriven(journal, run.id, 5_000)).toBe(false);
  expect(takeLease(journal, run.id, clock).fence).toBe(lease.fence + 1);
});

test('a lease whose process has died on this host is free at once', async () => {
  const { journal } = newRun();
  const child = spawn('sleep', ['600']);
  const holder = identifyProcess(child.pid!);
  expect(lookUpProcess(holder)).toBe('alive');
  journal.database.run('takeLease', { run: run.id, owner: JSON.stringify(holder), at: 5_000 });
  expect(() => takeLease(journal, run.id, clock)).toThrow(expect.objectContaining({ code: 'REL_RUN_BUSY' }));
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(takeLease(journal, run.id, clock).fence).toBe(2);
});

test('a later process with the same number does not hold the lease', () => {
  const { journal } = newRun();
  const former = { ...identifyProcess(process.pid), started: 'earlier' };
  journal.database.run('takeLease', { run: run.id, owner: JSON.stringify(former), at: 5_000 });
  expect(takeLease(journal, run.id, clock).fence).toBe(2);
});

test('a lease held on another host is free after its time to live', () => {
  const { journal } = newRun();
  const elsewhere = { host: 'another', pid: 1, started: 'x' };
  journal.database.run('takeLease', { run: run.id, owner: JSON.stringify(elsewhere), at: 5_000 });
  expect(() => takeLease(journal, run.id, { now: () => 5_000 + leaseTtlMs - 1 })).toThrow(expect.objectContaining({ code: 'REL_RUN_BUSY' }));
  expect(takeLease(journal, run.id, { now: () => 5_000 + leaseTtlMs }).fence).toBe(2);
});

test('a driver that lost its lease records nothing more', () => {
  const { folder, journal } = newRun();
  const first = takeLease(journal, run.id, clock);
  first.release();
  const second = takeLease(journalIn(folder), run.id, clock);
  const link = linkFact(run.id, emptyChain, planned, 5_000);
  const lost: unknown = expect.objectContaining({ code: 'REL_LEASE_LOST' });
  expect(() => journal.append(run.id, first.fence, [link])).toThrow(lost);
  expect(() => journal.summarise(run.id, first.fence, { state: 'over' })).toThrow(lost);
  expect(first.beat()).toBe(false);
  first.release();
  journal.append(run.id, second.fence, [link]);
  expect(journal.readFacts(run.id)).toHaveLength(1);
});

test('a process that has ended but was not collected counts as gone', () => {
  const dead = spawnSync('true');
  expect(lookUpProcess({ ...identifyProcess(process.pid), pid: dead.pid })).toBe('gone');
});
