import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { serve } from '../support/serve.ts';
import { givenServer, needing } from '../support/servers.ts';

/** One line to the Runtime API over its TCP port, and the answer to it. */
async function say(command: string): Promise<string> {
  const { ports } = givenServer('haproxy');
  const socket = connect(ports['runtime']!, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(`${command}\n`);
  return (await text(socket)).trim();
}

test('HAProxy proxies to a server the Runtime API has set', needing('haproxy'), async () => {
  await using behind = await serve((_, response) => response.setHeader('connection', 'close').end('from behind'));
  const { url } = givenServer('haproxy');
  try {
    await say(`set server live/candidate addr 127.0.0.1 port ${new URL(behind.url).port}`);
    await say('set server live/candidate state ready');
    expect(await (await fetch(url)).text()).toBe('from behind');
    await say('set server live/candidate weight 25%');
    expect(await say('get weight live/candidate')).toBe('25 (initial 100)');
  } finally {
    await say('set server live/candidate weight 100%');
    await say('set server live/candidate state maint');
  }
});
