import { text } from 'node:stream/consumers';
import { serve } from '@relpipe/testing/http-server';
import { relpipeIn } from '@relpipe/testing/relpipe-folder';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import { until } from '@relpipe/testing/wait-until';
import type { Message } from 'relpipe/plugin';
import { expect, test } from 'vitest';

const pipeline = (url: string) => `relpipe: 1
name: shop
plugins: { "@relpipe/plugin-notify": "*" }
notify:
  - { uses: notify.webhook, with: { url: "${url}/once" } }
  - { uses: notify.webhook, with: { url: "${url}/deduplicating", deduplicates: true } }
stages:
  one:
    steps:
      - { id: sure, approval: "Sure?" }
`;

/** What came to one path, and to whom the answer was never given: the process was killed first. */
interface Received {
  readonly path: string;
  readonly key: string;
  readonly message: Message;
}

test('over a kill each event comes once, or is marked as a repetition with the same key, and what is unknown is listed', async () => {
  const received: Received[] = [];
  let isSilent = true;
  await using chat = await serve(async (request, response) => {
    received.push({ path: request.url ?? '', key: String(request.headers['idempotency-key']), message: JSON.parse(await text(request)) as Message });
    if (!isSilent) response.end();
  });
  using folder = scratchFolder();
  const relpipe = relpipeIn(folder.path, { 'release.pipeline.yaml': pipeline(chat.url) });

  // Each channel sends one message after the other: the first one of each hangs.
  const killed = relpipe('run');
  await until(() => received.length === 2);
  killed.child.kill('SIGKILL');
  await killed;
  isSilent = false;
  const parked = await relpipe('resume', '--park-after', '0s');
  expect(parked, parked.all).toMatchObject({ exitCode: 75 });
  await relpipe('approve');
  const over = await relpipe('resume');
  expect(over, over.all).toMatchObject({ exitCode: 0 });

  const events = (path: string) => received.filter((one) => one.path === path).map(({ message: { event, repetition } }) => (repetition ? `${event} again` : event));
  // That it waits may have been told as well: a person who is asked twice is better than one who is not asked.
  expect(events('/once')).toEqual(['started', 'waiting again', 'succeeded']);
  expect(events('/deduplicating')).toEqual(['started', 'started again', 'waiting again', 'succeeded']);
  const keys = Map.groupBy(received, ({ key }) => key);
  expect([...keys.values()].map((same) => new Set(same.map(({ message: { id } }) => id)).size)).toEqual([...keys].map(() => 1));
  const status = await relpipe('status');
  expect(status.all).toContain('message "started" to notify.webhook may not have arrived');
});
