import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { AskOp } from '../../../src/run/core/operation.ts';
import { checkCommand, factOfCommand, type InboxCommand } from '../../../src/run/store/inbox-command.ts';
import { openRuntime, run, temporaryFolder } from './local-fixture.ts';

const who = { who: 'ann', by: 'os-user' } as const;
const approval: InboxCommand = { id: 'c1', run: run.id, who, command: 'approve', key: 'approve/yes!ask.1', fingerprint: 'f1', comment: 'go' };
const ask: AskOp = { op: 'ask', key: 'approve/yes!ask.1', step: 'approve/yes', question: 'approve', text: 'Deploy?', quorum: 1, of: ['ann', 'bob'], fingerprint: 'f1' };

const sender = (file: string, command: InboxCommand) => `
  import { openSqliteStore } from '${join(import.meta.dirname, '../../../src/run/store/sqlite/open-sqlite-store.ts')}';
  const store = openSqliteStore(${JSON.stringify(file)});
  await store.send(${JSON.stringify(command)});
  await store.close();
`;

test('a command from another process becomes a fact', async () => {
  const { runtime, store } = await openRuntime();
  await runtime.commit();
  const arrival = runtime.next({ asks: ['approve/yes!ask.1'], mayPark: true });
  const child = spawn(process.execPath, ['--input-type=module', '-e', sender(store.place, approval)], { stdio: 'inherit' });
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(await arrival).toEqual({ bodies: [factOfCommand(approval)] });
});

test('a driver takes a command once, although it stays in the inbox until its fact is durable', async () => {
  const { store, runtime, next } = await openRuntime();
  await runtime.commit();
  await store.send(approval);
  expect(await runtime.arrived()).toHaveLength(1);
  expect(await store.inbox(run.id)).toHaveLength(1);
  const rollback: InboxCommand = { id: 'c2', run: run.id, who, command: 'rollback', reason: 'wrong version', urgency: 'now' };
  await store.send(rollback);
  expect(await next()).toEqual([factOfCommand(rollback)]);
});

test('a command that was changed while it waited is reported once, and not taken', async () => {
  const { store, runtime, refusedCommands } = await openRuntime();
  await runtime.commit();
  await store.send(approval);
  const intruder = new DatabaseSync(store.place);
  intruder.exec("UPDATE inbox SET body = replace(body, 'ann', 'bob')");
  intruder.close();
  expect([...(await runtime.arrived()), ...(await runtime.arrived())]).toEqual([]);
  expect(refusedCommands).toEqual([{ id: 'c1', because: 'changed', says: 'approve approve/yes by bob' }]);
});

test('a secret in what a person wrote is masked before it is recorded', async () => {
  const { store, runtime } = await openRuntime({ secrets: { TOKEN: 'hunter2-and-more' } });
  await runtime.commit();
  await store.send({ ...approval, comment: 'it is hunter2-and-more' });
  await store.send({ id: 'c2', run: run.id, who, command: 'rollback', reason: 'hunter2-and-more leaked' });
  expect(await runtime.arrived()).toMatchObject([{ comment: 'it is ***' }, { reason: '*** leaked' }]);
});

test('a command whose fact was not recorded is read again by the next driver', async () => {
  const folder = temporaryFolder();
  const first = await openRuntime({ folder });
  await first.runtime.commit();
  await first.store.send(approval);
  await first.runtime.next({ asks: [], mayPark: false });
  await first.runtime.close();
  const second = await openRuntime({ folder });
  expect(await second.next()).toHaveLength(1);
});

test('the fact of an approval says who answered what, to which plan', () => {
  expect(factOfCommand(approval)).toMatchObject({ fact: 'answered', key: 'approve/yes!ask.1', who, answer: 'yes', fingerprint: 'f1', comment: 'go' });
});

test('a resolved question carries the output that the step would have given', () => {
  const resolve = { id: 'c3', run: run.id, who, command: 'resolve', key: 'a/b!ask.1', happened: true, output: { digest: 'x' }, fingerprint: 'f1' } as const;
  expect(factOfCommand(resolve)).toMatchObject({ fact: 'answered', key: 'a/b!ask.1', who, answer: 'yes', fingerprint: 'f1', output: { digest: 'x' } });
});

test.each([
  ['to a question that is not open', { key: 'approve/no!ask.1' }, 'REL_QUESTION_NOT_OPEN'],
  ['of a stranger', { who: { who: 'eve', by: 'os-user' } }, 'REL_NOT_AN_APPROVER'],
  ['about another plan', { fingerprint: 'f0' }, 'REL_ANSWER_PLAN_MISMATCH'],
] as const)('an answer %s is refused to its sender', (_, more, code) => {
  expect(() => checkCommand({ ...approval, ...more }, [ask])).toThrow(expect.objectContaining({ code }));
  expect(() => checkCommand(approval, [ask])).not.toThrow();
});
