import { expect, test } from 'vitest';
import type { ResolvedGroups } from '../../../src/run/core/fact.ts';
import { Arrivals } from '../../../src/run/local/arrivals.ts';
import { Inbox } from '../../../src/run/local/inbox.ts';
import { createMask } from '../../../src/run/local/masking/mask-secrets.ts';
import { systemClock } from '../../../src/run/local/steady-clock.ts';
import type { InboxCommand } from '../../../src/run/store/inbox-command.ts';

const who = { who: 'ann', by: 'os-user' } as const;
const vote = (command: 'approve' | 'withdraw', id: string): InboxCommand => ({ id, run: 'r1', who, command, key: 'a/sure!ask.1', fingerprint: 'f1' });
const found: ResolvedGroups = { team: { people: ['ann'] } };

/** An inbox whose look-ups end when the test says so. */
function open(commands: readonly InboxCommand[]) {
  const lookUp = Promise.withResolvers<ResolvedGroups>();
  let resolved = 0;
  const inbox = new Inbox({ inbox: () => Promise.resolve(commands), refusedCommands: () => Promise.resolve([]) }, 'r1', {
    clock: systemClock,
    mask: createMask({}),
    onRefused: () => undefined,
    groups: { groupsFor: ({ command }) => (command === 'approve' ? ['team'] : []), forCommand: () => lookUp.promise },
    onResolved: () => (resolved += 1),
  });
  return { arrivals: new Arrivals(inbox), inbox, end: () => lookUp.resolve(found), resolved: () => resolved };
}

test('answers keep their order while groups are looked up, and a rollback overtakes them', async () => {
  const { arrivals, inbox, end, resolved } = open([vote('approve', 'v1'), vote('withdraw', 'v2'), { id: 'c3', run: 'r1', who, command: 'rollback', reason: 'now' }]);
  expect(await arrivals.take()).toMatchObject([{ fact: 'commanded', id: 'c3' }]);
  expect(await arrivals.take()).toEqual([]);
  end();
  await inbox.whenResolved();
  expect(resolved()).toBe(2);
  expect(await arrivals.take()).toMatchObject([{ id: 'v1', answer: 'yes', groups: found }, { id: 'v2', answer: 'withdrawn' }]);
});

test('the time of a question is not over while it is not known whether an answer counts', async () => {
  const { arrivals, inbox, end } = open([vote('approve', 'v1')]);
  arrivals.add({ fact: 'fired', key: 'a/sure!timeout.1' });
  arrivals.add({ fact: 'fired', key: 'b/wait!hold.1' });
  expect(await arrivals.take()).toEqual([{ fact: 'fired', key: 'b/wait!hold.1' }]);
  end();
  await inbox.whenResolved();
  expect((await arrivals.take()).map((body) => body.fact).sort()).toEqual(['answered', 'fired']);
});

test('a process that takes a run up waits for the answers that were given meanwhile', async () => {
  const { arrivals, end } = open([vote('approve', 'v1')]);
  const all = arrivals.takeAll();
  end();
  expect(await all).toMatchObject([{ id: 'v1', groups: found }]);
});
