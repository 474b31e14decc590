import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AskOp } from '../../../src/run/core/operation.ts';
import { checkLetter, type Letter } from '../../../src/run/local/letter.ts';
import { openRuntime, run, temporaryFolder } from './local-fixture.ts';

const who = { who: 'ann', by: 'os-user' } as const;
const approval: Letter = { id: 'l1', run: run.id, who, letter: 'approve', key: 'approve/yes!ask.1', fingerprint: 'f1', comment: 'go' };
const ask: AskOp = { op: 'ask', key: 'approve/yes!ask.1', step: 'approve/yes', question: 'approve', text: 'Deploy?', quorum: 1, of: ['ann', 'bob'], fingerprint: 'f1' };

const sender = (file: string, letter: Letter) => `
  import { openJournal } from '${join(import.meta.dirname, '../../../src/run/local/journal/open-journal.ts')}';
  const journal = openJournal(${JSON.stringify(file)});
  journal.putLetter(${JSON.stringify(letter)});
  journal.close();
`;

test('a letter from another process becomes a fact', async () => {
  const { runtime, journal } = openRuntime();
  await runtime.commit();
  const arrival = runtime.next({ asks: ['approve/yes!ask.1'], mayPark: true });
  const child = spawn(process.execPath, ['--input-type=module', '-e', sender(journal.file, approval)], { stdio: 'inherit' });
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(await arrival).toEqual({
    bodies: [{ fact: 'answered', key: 'approve/yes!ask.1', letter: 'l1', who, yes: true, fingerprint: 'f1', comment: 'go' }],
  });
});

test('a letter counts once: not again when it is put again, nor when its fact is recorded, nor before', async () => {
  const { journal, next, runtime } = openRuntime();
  await runtime.commit();
  journal.putLetter(approval);
  journal.putLetter(approval);
  expect(await next()).toHaveLength(1);
  expect(journal.takeLetters(run.id)).toEqual([]);
  journal.putLetter({ id: 'l2', run: run.id, who, letter: 'abort', reason: 'wrong version', urgency: 'now' });
  journal.putLetter(approval);
  expect(await next()).toEqual([{ fact: 'commanded', letter: 'l2', who, tell: 'abort', reason: 'wrong version', urgency: 'now' }]);
});

test('a letter whose fact was not recorded is read again by the next driver', async () => {
  const folder = temporaryFolder();
  const first = openRuntime({ folder });
  await first.runtime.commit();
  first.journal.putLetter(approval);
  await first.runtime.next({ asks: [], mayPark: false });
  await first.runtime.close();
  const second = openRuntime({ folder });
  expect(await second.next()).toHaveLength(1);
});

test('a settled question carries what the step would have given', async () => {
  const { journal, next, runtime } = openRuntime();
  await runtime.commit();
  journal.putLetter({ id: 'l3', run: run.id, who, letter: 'settle', key: 'a/b!ask.1', happened: true, output: { digest: 'x' }, fingerprint: 'f1' });
  expect(await next()).toEqual([{ fact: 'answered', key: 'a/b!ask.1', letter: 'l3', who, yes: true, fingerprint: 'f1', output: { digest: 'x' } }]);
});

test('a letter for a run that is not there is refused', () => {
  const { journal } = openRuntime();
  expect(() => journal.putLetter({ ...approval, run: 'other' })).toThrow(expect.objectContaining({ code: 'REL_RUN_UNKNOWN' }));
});

test.each([
  ['nobody asks', { key: 'approve/no!ask.1' }, 'REL_QUESTION_NOT_OPEN'],
  ['a stranger gives', { who: { who: 'eve', by: 'os-user' } }, 'REL_NOT_AN_APPROVER'],
  ['is about another plan', { fingerprint: 'f0' }, 'REL_ANSWER_PLAN_MISMATCH'],
] as const)('an answer that %s is refused to its sender', (_, more, code) => {
  expect(() => checkLetter({ ...approval, ...more }, [ask])).toThrow(expect.objectContaining({ code }));
  expect(() => checkLetter(approval, [ask])).not.toThrow();
});
