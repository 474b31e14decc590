import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import { virtualContext } from '@relpipe/testing/step-context';
import { expect, test } from 'vitest';
import { log } from '../../src/log/log.ts';
import { waiting } from '../support/message.ts';

test('a file *.jsonl gets one JSON object a line, and its folder is created', async () => {
  using folder = scratchFolder();
  const context = virtualContext({ workdir: folder.path });
  await log.send({ file: 'logs/releases.jsonl' }, waiting, context);
  await log.send({ file: 'logs/releases.jsonl' }, { ...waiting, event: 'ended', id: 'r1/5' }, context);
  const lines = readFileSync(join(folder.path, 'logs/releases.jsonl'), 'utf8').split('\n');
  expect(lines.map((line) => (line === '' ? '' : (JSON.parse(line) as unknown)))).toEqual([waiting, { ...waiting, event: 'ended', id: 'r1/5' }, '']);
});

test('another file gets lines for people, in which a repetition says so', async () => {
  using folder = scratchFolder();
  const context = virtualContext({ workdir: folder.path });
  await log.send({ file: 'releases.log' }, waiting, context);
  await log.send({ file: 'releases.log' }, { ...waiting, repetition: true }, context);
  expect(readFileSync(join(folder.path, 'releases.log'), 'utf8')).toBe(
    '2026-12-01T09:00:00.000Z waiting shop 1.4.0 approve/go: waiting for approval (ann): Go on?\n2026-12-01T09:00:00.000Z waiting (again) shop 1.4.0 approve/go: waiting for approval (ann): Go on?\n',
  );
});

test('without a file the line goes to the log of the channel', async () => {
  const context = virtualContext();
  await log.send({}, waiting, context);
  expect(context.lines).toEqual(['2026-12-01T09:00:00.000Z waiting shop 1.4.0 approve/go: waiting for approval (ann): Go on?']);
});

test('a file that cannot be appended to is an error, which may be over later', async () => {
  using folder = scratchFolder();
  writeFileSync(join(folder.path, 'logs'), '');
  const sending = log.send({ file: 'logs/releases.log' }, waiting, virtualContext({ workdir: folder.path }));
  await expect(sending).rejects.toMatchObject({ code: 'NOTIFY_FILE_UNUSABLE', retryable: true });
});

test('a folder in place of the file is an error before the run', async () => {
  using folder = scratchFolder();
  mkdirSync(join(folder.path, 'logs'));
  const context = virtualContext({ workdir: folder.path });
  expect(await log.verify?.({ file: 'logs' }, context)).toMatchObject([{ level: 'error', code: 'NOTIFY_FILE_UNUSABLE', at: ['file'] }]);
  expect(await log.verify?.({ file: 'logs/new.log' }, context)).toEqual([]);
});
