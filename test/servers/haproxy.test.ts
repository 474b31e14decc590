import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { serve } from '@relpipe/testing/http-server';
import { givenServer, needing } from '@relpipe/testing/real-servers';
import { expect, test } from 'vitest';

/** The answer of the Runtime API to a line, over its TCP port. */
async function send(command: string): Promise<string> {
  const { ports } = givenServer('haproxy');
  const socket = connect(ports['runtime']!, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(`${command}\n`);
  return (await text(socket)).trim();
}

test('HAProxy proxies to the server whose address the Runtime API set', needing('haproxy'), async () => {
  await using behind = await serve((_, response) => response.setHeader('connection', 'close').end('from behind'));
  const { url } = givenServer('haproxy');
  try {
    await send(`set server live/candidate addr 127.0.0.1 port ${new URL(behind.url).port}`);
    await send('set server live/candidate state ready');
    expect(await (await fetch(url)).text()).toBe('from behind');
    await send('set server live/candidate weight 25%');
    expect(await send('get weight live/candidate')).toBe('25 (initial 100)');
  } finally {
    await send('set server live/candidate weight 100%');
    await send('set server live/candidate state maint');
  }
});
