import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { needing } from '@relpipe/testing/real-servers';
import { expect, onTestFinished, test } from 'vitest';
import type { OpenRig } from '../../src/testing/index.ts';
import { realContext } from '../../src/testing/real-context.ts';
import { openEmbeddedRig } from '../routers/support/embedded-rig.ts';
import { openPlainHaproxyRig } from './support/haproxy.ts';
import { openPlainNginxRig } from './support/nginx.ts';

/** A server that leaves HTTP, sends its name, and then echoes what it receives. */
async function startEcho(name: string): Promise<string> {
  const server = createServer().on('upgrade', (_request, socket: Duplex) => {
    socket.on('error', () => undefined);
    onTestFinished(() => void socket.destroy());
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-accept: ${accept}\r\n\r\n${name}`);
    socket.pipe(socket);
  });
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** RFC 6455 section 1.3 has this pair. */
const [key, accept] = ['dGhlIHNhbXBsZSBub25jZQ==', 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='];

/** Reads until the received text ends with what is wanted. */
async function untilReceived(socket: Duplex, head: Buffer, wanted: string): Promise<void> {
  for (let text = head.toString(); !text.endsWith(wanted); ) text += String((await once(socket, 'data'))[0]);
}

async function openTunnel(url: string): Promise<{ readonly socket: Duplex; readonly head: Buffer }> {
  const sent = request(url, { headers: { connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': key } });
  sent.end();
  const [, socket, head] = (await once(sent, 'upgrade')) as [IncomingMessage, Duplex, Buffer];
  onTestFinished(() => void socket.destroy());
  return { socket, head };
}

const rigs: readonly (readonly [string, OpenRig])[] = [['haproxy', openPlainHaproxyRig], ['nginx', openPlainNginxRig], ['the embedded router', openEmbeddedRig]];

for (const [name, openRig] of rigs) test(`a WebSocket through ${name} stays with its side when the weights change`, openRig === openEmbeddedRig ? {} : needing(name), async () => {
  await using rig = await openRig({ stable: await startEcho('stable'), candidate: await startEcho('candidate') });
  const settings = name === 'nginx' ? { 'old-workers': 200 } : {};
  const router = await rig.provision.open({ ...rig.config, ...settings }, realContext('.'));
  const { socket, head } = await openTunnel(rig.url);
  await untilReceived(socket, head, 'stable');

  await router.write({ [rig.names.stable]: 0, [rig.names.candidate]: 100 }, await router.read());

  socket.write('still here');
  await untilReceived(socket, Buffer.alloc(0), 'still here');
  const next = await openTunnel(rig.url);
  await untilReceived(next.socket, next.head, 'candidate');
  // A router that stops waits for them.
  for (const tunnel of [socket, next.socket]) tunnel.destroy();
  expect((await router.read()).weights).toEqual({ [rig.names.stable]: 0, [rig.names.candidate]: 100 });
});
