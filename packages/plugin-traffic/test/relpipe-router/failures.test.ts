import { request } from 'node:http';
import { expect, test, vi } from 'vitest';
import { answerTo, RawClient } from '../support/http-clients.ts';
import { deadUrl, startServer, startSocketServer } from '../support/http-servers.ts';
import { startTestRouter, type TestRouter } from '../support/test-router.ts';

const hello = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const totals = async (router: TestRouter, side = 'stable') => (await router.client.readStatus()).sides[side]?.sinceStart;

test('a dead side answers 502, says which side it is, and counts for that side', async () => {
  const { url } = await startServer((_incoming, outgoing) => outgoing.end('ok'));
  const router = await startTestRouter({ stable: url, candidate: await deadUrl() }, { weights: { stable: 50, candidate: 50 } });
  const answers = [];
  for (let i = 0; i < 10; i += 1) answers.push(await fetch(router.url));
  const bad = answers.filter(({ status }) => status === 502);
  expect(bad).toHaveLength(5);
  expect(await bad[0]?.text()).toMatch(/side "candidate" \(http:\/\/127.0.0.1:\d+\) refused the connection/);
  expect(await totals(router, 'candidate')).toMatchObject({ byCode: { 502: 5 }, upstreamErrors: { refused: 5 } });
  expect(await totals(router, 'stable')).toMatchObject({ byCode: { 200: 5 }, upstreamErrors: {} });
});

test('with failover, the requests of an unhealthy side go to the healthy one and are counted', async () => {
  const { url } = await startServer((_incoming, outgoing) => outgoing.end('ok'));
  const router = await startTestRouter({ stable: url, candidate: await deadUrl() }, { weights: { stable: 50, candidate: 50 }, failover: true });
  const seen = { stable: { health: 'healthy' }, candidate: { health: 'unhealthy' } };
  await vi.waitFor(async () => expect((await router.client.readStatus()).sides).toMatchObject(seen), 10_000);
  const statuses = [];
  for (let i = 0; i < 4; i += 1) statuses.push((await fetch(router.url)).status);
  expect(statuses).toEqual([200, 200, 200, 200]);
  expect((await router.client.readStatus()).failovers).toBe(2);
});

test('a client that leaves cancels the request at its side', async () => {
  const started = Promise.withResolvers<undefined>();
  const cancelled = Promise.withResolvers<undefined>();
  const { url } = await startServer((incoming) => {
    started.resolve(undefined);
    incoming.on('close', () => cancelled.resolve(undefined));
  });
  const router = await startTestRouter({ stable: url });
  const client = new RawClient(router.port);
  client.send(hello);
  await started.promise;
  client.socket.destroy();
  await cancelled.promise;
  expect(await totals(router)).toMatchObject({ byCode: { 499: 1 }, clientAborts: 1, upstreamErrors: {} });
});

test('a side that resets the connection before it answers causes a 502', async () => {
  const { url } = await startSocketServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
  const router = await startTestRouter({ stable: url });
  const answer = await fetch(router.url);
  expect([answer.status, await answer.text()]).toEqual([502, expect.stringContaining('reset the connection')]);
  expect(await totals(router)).toMatchObject({ upstreamErrors: { reset: 1 }, retries: 0 });
});

test('an incomplete answer is incomplete for the client too, and counts as 502', async () => {
  const { url } = await startSocketServer((socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf')));
  const router = await startTestRouter({ stable: url });
  await expect(fetch(router.url).then((answer) => answer.text())).rejects.toThrow();
  expect(await totals(router)).toMatchObject({ byCode: { 502: 1 }, upstreamErrors: { truncated: 1 } });
});

test('a malformed answer becomes a 502 that says what is wrong', async () => {
  const ambiguous = 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx';
  const { url } = await startSocketServer((socket) => socket.once('data', () => socket.write(ambiguous)));
  const router = await startTestRouter({ stable: url });
  expect(await (await fetch(router.url)).text()).toContain('sent a malformed answer: There is more than one content-length');
});

test('a side that does not answer in time causes a 504', async () => {
  const { url } = await startServer(() => undefined);
  const router = await startTestRouter({ stable: url }, { 'answer-timeout': '40ms' });
  expect((await fetch(router.url)).status).toBe(504);
  expect(await totals(router)).toMatchObject({ upstreamErrors: { 'answer-timeout': 1 } });
});

test('a client that stops in the middle of its body gets 408, and the side is not blamed', async () => {
  const { url } = await startServer(() => undefined);
  const router = await startTestRouter({ stable: url }, { 'answer-timeout': '40ms' });
  const client = new RawClient(router.port);
  client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc');
  expect(await client.untilClosed()).toMatch(/^HTTP\/1\.1 408 /);
  expect(await totals(router)).toMatchObject({ byCode: { 408: 1 }, upstreamErrors: {} });
});

test('a client that never completes its head gets 408', async () => {
  const router = await startTestRouter({ stable: await deadUrl() }, { 'client-head-timeout': '40ms' });
  const client = new RawClient(router.port);
  client.send('GET / HTTP/1.1\r\nHost');
  expect(await client.untilClosed()).toMatch(/^HTTP\/1\.1 408 /);
});

/** Answers the first request of a connection and hangs up on the second. */
const hangsUpOnSecond = async () => {
  const seen: string[] = [];
  const { url } = await startSocketServer((socket) => {
    let requests = 0;
    socket.on('data', (bytes) => {
      seen.push(bytes.toString('latin1').split(' ')[0] ?? '');
      if ((requests += 1) === 1) socket.write(ok);
      else socket.destroy();
    });
  });
  return { url, seen };
};

test.each([
  ['GET', hello],
  ['PUT', 'PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc'],
])('%s is sent again when the kept connection turns out to be dead', async (method, text) => {
  const { url, seen } = await hangsUpOnSecond();
  const router = await startTestRouter({ stable: url });
  const client = new RawClient(router.port);
  client.send(hello);
  await client.until(/ok$/);
  client.send(text);
  expect(await client.until(/ok.*ok$/s)).not.toContain('502');
  expect(seen).toEqual(['GET', method, method]);
  expect(await totals(router)).toMatchObject({ byCode: { 200: 2 }, retries: 1, upstreamErrors: {} });
});

test('a POST whose body was sent is never sent twice', async () => {
  const { url, seen } = await hangsUpOnSecond();
  const router = await startTestRouter({ stable: url });
  const client = new RawClient(router.port);
  client.send(hello);
  await client.until(/ok$/);
  client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc');
  await client.until(/HTTP\/1\.1 502 /);
  expect(seen).toEqual(['GET', 'POST']);
});

test('bytes that a side sends without a request do not become the answer to the next request', async () => {
  let connections = 0;
  const { url } = await startSocketServer((socket) => {
    // Connections of the health check carry no request and do not count.
    let isFirst = false;
    socket.once('data', () => (isFirst = (connections += 1) === 1));
    socket.on('data', () => socket.write(isFirst ? `${ok}HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison` : ok));
  });
  const router = await startTestRouter({ stable: url });
  const answers = [];
  for (let i = 0; i < 3; i += 1) answers.push(await (await fetch(router.url)).text());
  expect(answers).toEqual(['ok', 'ok', 'ok']);
  expect(connections).toBe(2);
});

test('a malformed chunk in the middle of an upload is refused, and the connection to the side is closed', async () => {
  const dropped = Promise.withResolvers<undefined>();
  const { url } = await startSocketServer((socket) => socket.resume().on('close', () => dropped.resolve(undefined)));
  const router = await startTestRouter({ stable: url });
  const client = new RawClient(router.port);
  client.send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n');
  await vi.waitFor(async () => expect((await router.client.readStatus()).sides['stable']?.inFlight).toBe(1), 10_000);
  client.send('zz\r\n');
  expect(await client.untilClosed()).toMatch(/^HTTP\/1\.1 400 .*chunk size/s);
  await dropped.promise;
});

test('an answer that comes before the upload has ended is delivered', async () => {
  const { url } = await startServer((_incoming, outgoing) => outgoing.writeHead(413).end('too big'));
  const router = await startTestRouter({ stable: url });
  const upload = request(router.url, { method: 'POST', headers: { 'content-length': 1_000_000 } });
  upload.on('error', () => undefined);
  upload.write('x');
  const answer = await answerTo(upload);
  expect(answer.statusCode).toBe(413);
  upload.destroy();
});
