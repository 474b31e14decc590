import { once } from 'node:events';
import { Agent, get, request } from 'node:http';
import { expect, test } from 'vitest';
import { answerTo, RawClient } from '../support/http-clients.ts';
import { startServer, startSocketServer } from '../support/http-servers.ts';
import { startTestRouter } from '../support/test-router.ts';

const hello = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

test('a request body reaches the side chunk by chunk, before the request has ended', async () => {
  const arrived = Promise.withResolvers<string>();
  const { url } = await startServer((incoming, outgoing) => {
    incoming.once('data', (chunk: Buffer) => arrived.resolve(chunk.toString()));
    incoming.resume().on('end', () => outgoing.end('done'));
  });
  const router = await startTestRouter({ stable: url });
  const upload = request(router.url, { method: 'POST' });
  upload.write('first');
  expect(await arrived.promise).toBe('first');
  upload.end('second');
  const answer = await answerTo(upload);
  expect(answer.statusCode).toBe(200);
  answer.resume();
});

test('an answer reaches the client chunk by chunk, before it has ended, with its trailers', async () => {
  const goOn = Promise.withResolvers<undefined>();
  const { url } = await startServer((_incoming, outgoing) => {
    outgoing.writeHead(200, { trailer: 'x-sum' });
    outgoing.write('first');
    void goOn.promise.then(() => {
      outgoing.addTrailers({ 'x-sum': '42' });
      outgoing.end('second');
    });
  });
  const router = await startTestRouter({ stable: url });
  const answer = await answerTo(get(router.url));
  expect(String(await new Promise((resolve) => answer.once('data', resolve)))).toBe('first');
  goOn.resolve(undefined);
  await once(answer.resume(), 'end');
  expect(answer.trailers).toEqual({ 'x-sum': '42' });
});

test('bodies of many megabytes pass unchanged in both directions', async () => {
  const { url } = await startServer((incoming, outgoing) => void incoming.pipe(outgoing));
  const router = await startTestRouter({ stable: url });
  const body = Buffer.alloc(8_000_000, 'relpipe router ');
  const answer = await fetch(router.url, { method: 'POST', body });
  expect(Buffer.from(await answer.arrayBuffer()).equals(body)).toBe(true);
});

const large = Buffer.alloc(64_000_000);

/** Enough requests through the same router for it to have read as much as it ever reads ahead. */
const letPass = async (url: string, requests = 100) => {
  for (let i = 0; i < requests; i += 1) await (await fetch(url)).text();
};

test('a client that does not read slows down its side, so that nothing accumulates in the router', async () => {
  const { url, server } = await startServer((incoming, outgoing) => outgoing.end(incoming.url === '/large' ? large : 'ok'));
  const sent: boolean[] = [];
  server.on('request', (incoming, outgoing) => outgoing.on('finish', () => incoming.url === '/large' && sent.push(true)));
  const router = await startTestRouter({ stable: url });
  const answer = await answerTo(get(`${router.url}/large`));
  answer.pause();
  await letPass(router.url);
  expect(sent).toEqual([]);
  let bytes = 0;
  answer.on('data', (chunk: Buffer) => (bytes += chunk.length));
  await once(answer.resume(), 'end');
  expect(bytes).toBe(large.length);
});

test('a side that does not read slows down the client', async () => {
  const started = Promise.withResolvers<() => void>();
  const { url } = await startServer((incoming, outgoing) => {
    if (incoming.url === '/') outgoing.end('ok');
    else started.resolve(() => incoming.resume().on('end', () => outgoing.end('taken')));
  });
  const router = await startTestRouter({ stable: url });
  const upload = request(`${router.url}/large`, { method: 'POST', headers: { 'content-length': large.length } });
  let isSent = false;
  upload.end(large, () => (isSent = true));
  const takeIt = await started.promise;
  await letPass(router.url);
  expect(isSent).toBe(false);
  takeIt();
  expect((await answerTo(upload)).statusCode).toBe(200);
  expect(isSent).toBe(true);
});

test('connections to clients and to sides are kept open', async () => {
  const ports = new Set<number | undefined>();
  const { url } = await startServer((incoming, outgoing) => {
    ports.add(incoming.socket.remotePort);
    outgoing.end('ok');
  });
  const router = await startTestRouter({ stable: url });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const locals = new Set<number | undefined>();
  for (let i = 0; i < 5; i += 1) {
    const answer = await answerTo(get(router.url, { agent }));
    locals.add(answer.socket.localPort);
    await once(answer.resume(), 'end');
  }
  agent.destroy();
  expect([ports.size, locals.size]).toEqual([1, 1]);
});

test('pipelined requests are answered in order, one at a time', async () => {
  let working = 0;
  let most = 0;
  const { url } = await startServer((incoming, outgoing) => {
    most = Math.max(most, (working += 1));
    incoming.resume().on('end', () => setImmediate(() => {
      working -= 1;
      outgoing.end(`answer ${incoming.url};`);
    }));
  });
  const router = await startTestRouter({ stable: url });
  const client = new RawClient(router.port);
  client.send([
    'POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc',
    'GET /2 HTTP/1.1\r\nHost: a\r\n\r\n',
    'POST /3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n',
    '\r\nGET /4 HTTP/1.1\r\nHost: a\r\n\r\n',
  ].join(''));
  expect((await client.until(/answer \/4;/)).match(/answer \/\d/g)).toEqual(['answer /1', 'answer /2', 'answer /3', 'answer /4']);
  expect(most).toBe(1);
});

test('empty lines before a request line are ignored, however they are cut into packets', async () => {
  const { url } = await startServer((incoming, outgoing) => outgoing.end(`answer ${incoming.url};`));
  const router = await startTestRouter({ stable: url });
  const client = new RawClient(router.port);
  for (const part of ['\r', '\n\r', '\n', '\r\n\r\nGET /1 HTTP/1.1\r\nHost: a\r\n\r\n\r\n\r', '\n', 'GET /2 HTTP/1.1\r\nHost: a\r\n\r\n']) {
    client.send(part);
    await letPass(router.url, 5);
  }
  expect((await client.until(/answer \/2;/)).match(/answer \/\d/g)).toEqual(['answer /1', 'answer /2']);
});

test('a connection with nothing but empty lines is closed without an answer', async () => {
  const { url } = await startServer((_incoming, outgoing) => outgoing.end());
  const router = await startTestRouter({ stable: url }, { 'client-head-timeout': '40ms' });
  const client = new RawClient(router.port);
  client.send('\r\n\r\n');
  expect(await client.untilClosed()).toBe('');
});

test('a bare line feed before a request line is refused', async () => {
  const { url } = await startServer((_incoming, outgoing) => outgoing.end());
  const router = await startTestRouter({ stable: url });
  const client = new RawClient(router.port);
  client.send('\nGET / HTTP/1.1\r\nHost: a\r\n\r\n');
  expect(await client.untilClosed()).toMatch(/^HTTP\/1\.1 400 /);
});

test('an answer with an empty line before its status line is malformed', async () => {
  const { url } = await startSocketServer((socket) => socket.once('data', () => socket.write('\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')));
  const router = await startTestRouter({ stable: url });
  expect((await fetch(router.url)).status).toBe(502);
});

test('answers without body leave the connection usable', async () => {
  const { url } = await startServer((incoming, outgoing) => {
    const status = Number(incoming.url?.slice(1));
    outgoing.writeHead(status, status === 200 ? { 'content-length': 5 } : {});
    outgoing.end(status === 200 ? 'hello' : undefined);
  });
  const router = await startTestRouter({ stable: url });
  const client = new RawClient(router.port);
  const requests = ['HEAD /200', 'GET /204', 'GET /304', 'GET /200'];
  client.send(requests.map((line) => `${line} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''));
  const received = await client.until(/hello$/);
  expect(received.match(/HTTP\/1\.1 \d{3}/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 204', 'HTTP/1.1 304', 'HTTP/1.1 200']);
  expect(received.match(/hello/g)).toHaveLength(1);
});

test('the side decides about 100 Continue', async () => {
  const { url, server } = await startServer(() => undefined);
  server.on('checkContinue', (incoming, outgoing) => {
    outgoing.writeContinue();
    incoming.pipe(outgoing);
  });
  const router = await startTestRouter({ stable: url });
  const client = new RawClient(router.port);
  client.send('POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n');
  await client.until(/^HTTP\/1\.1 100 Continue\r\n/);
  client.send('body');
  expect(await client.until(/body/)).toMatch(/HTTP\/1\.1 200 OK/);
});

test('an HTTP/1.0 client gets a chunked answer without its chunks', async () => {
  const { url } = await startServer((_incoming, outgoing) => {
    outgoing.write('one ');
    outgoing.end('two');
  });
  const router = await startTestRouter({ stable: url });
  const client = new RawClient(router.port);
  client.send('GET / HTTP/1.0\r\n\r\n');
  const received = await client.untilClosed();
  expect(received).toMatch(/connection: close\r\n\r\none two$/);
  expect(received).not.toMatch(/transfer-encoding/i);
});

test('an answer that ends with its connection also ends that of the client', async () => {
  const { url } = await startSocketServer((socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\n\r\nuntil the end')));
  const router = await startTestRouter({ stable: url });
  const client = new RawClient(router.port);
  client.send(hello);
  expect(await client.untilClosed()).toMatch(/connection: close\r\n\r\nuntil the end$/);
});

test('heads of 40 KiB pass, and heads of more than 64 KiB are answered with 431', async () => {
  const { url } = await startSocketServer((socket) => socket.on('data', (bytes) => {
    if (bytes.toString('latin1').endsWith('\r\n\r\n')) socket.write(`HTTP/1.1 200 OK\r\nX-Big: ${'b'.repeat(40_000)}\r\nContent-Length: 2\r\n\r\nok`);
  }));
  const router = await startTestRouter({ stable: url });
  const client = new RawClient(router.port);
  client.send(`GET / HTTP/1.1\r\nHost: a\r\nX-Big: ${'a'.repeat(40_000)}\r\n\r\n`);
  expect(await client.until(/\r\n\r\nok$/)).toContain('b'.repeat(40_000));
  const tooBig = new RawClient(router.port);
  tooBig.send(`GET / HTTP/1.1\r\nHost: a\r\nX-Big: ${'a'.repeat(70_000)}`);
  expect(await tooBig.untilClosed()).toMatch(/^HTTP\/1\.1 431 /);
});

test('a request that could be read in two ways reaches no side', async () => {
  let requests = 0;
  const { url } = await startSocketServer((socket) => socket.on('data', () => (requests += 1)));
  const router = await startTestRouter({ stable: url });
  const client = new RawClient(router.port);
  client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG');
  expect(await client.untilClosed()).toMatch(/^HTTP\/1\.1 400 .*both a content-length and a transfer-encoding\.\n$/s);
  expect(requests).toBe(0);
  expect((await router.client.readStatus()).refused).toEqual({ 400: 1 });
});

test('an upgrade becomes a tunnel to the chosen side and stays there when the weights change', async () => {
  const { url, server } = await startServer(() => undefined);
  server.on('upgrade', (incoming, socket, first) => {
    const head = `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${incoming.headers.upgrade}\r\n\r\n`;
    socket.write(`${head}welcome ${first.toString()};`);
    socket.on('data', (bytes: Buffer) => void socket.write(`echo ${bytes.toString()};`));
    socket.on('end', () => socket.end());
  });
  const router = await startTestRouter({ stable: url, candidate: url });
  const client = new RawClient(router.port);
  client.send('GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nahead');
  await client.until(/101 Switching Protocols\r\n.*upgrade: websocket\r\n.*welcome .*echo ahead;/s);
  await router.client.setWeights({ stable: 0, candidate: 100 });
  client.send('ping');
  await client.until(/echo ping;/);
  expect((await router.client.readStatus()).sides['stable']).toMatchObject({ inFlight: 1, sinceStart: { byCode: { 101: 1 } } });
  client.socket.end();
  await client.untilClosed();
  expect(await router.client.drain('stable', 5000)).toEqual({ side: 'stable', isDrained: true, inFlight: 0 });
});
