import { once } from 'node:events';
import { createServer } from 'node:net';
import { serve } from '@relpipe/testing/http-server';
import { virtualContext } from '@relpipe/testing/step-context';
import { expect, test } from 'vitest';
import { StepError } from '../../src/contract/index.ts';
import { fetchAnswer, whyUnreachable } from '../../src/toolkit/index.ts';

const unreachable = (why: string, cause: unknown) => new StepError('X_UNREACHABLE', why, { cause });
const patient = { timeoutMs: 60_000, unreachable };

test('fetchAnswer reads the whole answer, whatever its status, and its JSON', async () => {
  await using server = await serve((_request, response) => response.writeHead(404, { 'content-type': 'Application/JSON; charset=utf-8' }).end('{"a":1}'));
  const answer = await fetchAnswer(server.url, patient, virtualContext());
  expect(answer).toEqual({ status: 404, mediaType: 'application/json', text: '{"a":1}', json: { a: 1 } });
});

test('fetchAnswer returns the text of an answer that is not JSON and has no media type', async () => {
  await using server = await serve((_request, response) => response.end('up 1'));
  expect(await fetchAnswer(server.url, patient, virtualContext())).toEqual({ status: 200, mediaType: '', text: 'up 1', json: undefined });
});

test('fetchAnswer follows a redirect of a request that reads, and not of one that changes something', async () => {
  const asked: string[] = [];
  await using other = await serve(({ method = '' }, response) => {
    asked.push(method);
    response.end('elsewhere');
  });
  await using server = await serve((_request, response) => response.writeHead(307, { location: other.url }).end());
  expect(await fetchAnswer(server.url, patient, virtualContext())).toMatchObject({ status: 200, text: 'elsewhere' });
  for (const method of ['POST', 'PUT', 'DELETE']) {
    expect(await fetchAnswer(server.url, { ...patient, method, body: 'token' }, virtualContext())).toMatchObject({ status: 307 });
  }
  expect(asked).toEqual(['GET']);
});

test('fetchAnswer returns the time of the server when the server sends one', async () => {
  await using server = await serve((_request, response) => response.setHeader('date', 'Sat, 21 Nov 2026 16:00:00 GMT').end());
  expect(await fetchAnswer(server.url, patient, virtualContext())).toMatchObject({ date: Date.UTC(2026, 10, 21, 16) });
});

test('fetchAnswer throws when the body does not end in time', async () => {
  await using server = await serve((_request, response) => response.write('the beginning'));
  const asked = fetchAnswer(server.url, { timeoutMs: 20, unreachable }, virtualContext());
  await expect(asked).rejects.toThrow(expect.objectContaining({ code: 'X_UNREACHABLE', message: 'it did not answer within 0.02 s' }));
});

test('fetchAnswer stops reading a body that is longer than 64 MiB', async () => {
  const piece = Buffer.alloc(1024 * 1024);
  let sent = 0;
  await using server = await serve((_request, response) => {
    const send = (): void => {
      while (!response.destroyed && response.write(piece)) sent++;
    };
    response.on('drain', send);
    send();
  });
  const asked = fetchAnswer(server.url, patient, virtualContext());
  await expect(asked).rejects.toThrow(expect.objectContaining({ code: 'X_UNREACHABLE', message: 'it sends more than 64 MiB' }));
  expect(sent).toBeLessThan(128);
});

test('fetchAnswer says in words that the server closed the connection', async () => {
  await using server = await serve((_request, response) => response.destroy());
  const asked = fetchAnswer(server.url, patient, virtualContext());
  await expect(asked).rejects.toThrow(expect.objectContaining({ code: 'X_UNREACHABLE', message: 'it closed the connection' }));
});

test('fetchAnswer throws the reason of the signal when the step ends first', async () => {
  const ended = new AbortController();
  const reason = new Error('the step was cancelled');
  await using server = await serve(() => ended.abort(reason));
  await expect(fetchAnswer(server.url, patient, virtualContext({ signal: ended.signal }))).rejects.toBe(reason);
});

test('fetchAnswer reports a slow server when the time of a sample ends first', async () => {
  const sample = new AbortController();
  await using server = await serve(() => sample.abort(new DOMException('', 'TimeoutError')));
  const asked = fetchAnswer(server.url, patient, virtualContext({ signal: sample.signal }));
  await expect(asked).rejects.toThrow(expect.objectContaining({ code: 'X_UNREACHABLE', message: 'it did not answer in the time that one sample has' }));
});

test('whyUnreachable says in words that a connection was refused', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  server.close();
  await once(server, 'close');
  const error: unknown = await fetch(`http://127.0.0.1:${String(port)}`).catch((reason: unknown) => reason);
  expect(whyUnreachable(error)).toBe('nothing listens there (connection refused)');
});

test('whyUnreachable returns the innermost message of a failure without a known cause', () => {
  expect(whyUnreachable(new TypeError('fetch failed', { cause: new Error('bad port') }))).toBe('bad port');
});
