import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { serve } from '@relpipe/testing/http-server';
import { pipelineOfReadme } from '@relpipe/testing/readme-pipeline';
import { relpipeIn } from '@relpipe/testing/relpipe-folder';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import type { Message } from 'relpipe/plugin';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';

const pipeline = pipelineOfReadme(join(import.meta.dirname, '../README.md'), 0, {});
const secret = 'the secret of the chat';

test('the pipeline of the README tells a file and a webhook of a release, and of its rollback', async () => {
  const received: Message[] = [];
  await using chat = await serve(async (request, response) => {
    received.push(new Webhook(secret, { format: 'raw' }).verify(await text(request), request.headers as Record<string, string>) as Message);
    response.end();
  });
  using folder = scratchFolder();
  const relpipe = relpipeIn(folder.path, { 'release.pipeline.yaml': pipeline }, { CHAT_SECRET: secret });
  const release = (version: string, check: string) => relpipe('run', '--input', `version=${version}`, '--input', `chat=${chat.url}`, '--input', `check=${check}`);

  const good = await release('1.4.0', 'true');
  expect(good, good.all).toMatchObject({ exitCode: 0 });
  expect(received.splice(0)).toMatchObject([{ event: 'succeeded', text: expect.stringContaining('shop 1.4.0: succeeded') as string, outcome: 'succeeded' }]);
  const bad = await release('1.5.0', `grep ${secret.slice(0, 3)} nowhere`);
  expect(bad, bad.all).toMatchObject({ exitCode: 3 });
  expect(received).toMatchObject([{ event: 'failed', step: 'release/check', stage: 'release', failure: { code: 'REL_COMMAND_FAILED' } }, { event: 'rolled-back', outcome: 'rolled-back' }]);

  const lines = relpipe.read('logs/releases.jsonl').trim().split('\n').map((line) => JSON.parse(line) as Message);
  expect(lines.map(({ event }) => event)).toEqual(['started', 'succeeded', 'started', 'failed', 'rolled-back']);
  expect(new Set(lines.map(({ run }) => run)).size).toBe(2);
  // What both channels are told has the same id.
  expect(lines.slice(-2).map(({ id }) => id)).toEqual(received.map(({ id }) => id));
});
