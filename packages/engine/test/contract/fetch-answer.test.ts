import { expect, test } from 'vitest';
import { serve } from '../../../../test/support/serve.ts';
import { virtualContext } from '../../../../test/support/virtual-context.ts';
import { fetchAnswer, StepError } from '../../src/contract/index.ts';

const unreachable = (why: string, cause: unknown) => new StepError('X_UNREACHABLE', why, { cause });
const patient = { timeoutMs: 60_000, unreachable };

test('an answer is read whole, whatever its status, and as JSON where it is some', async () => {
  await using server = await serve((_request, response) => response.writeHead(404, { 'content-type': 'Application/JSON; charset=utf-8' }).end('{"a":1}'));
  const answer = await fetchAnswer(server.url, patient, virtualContext());
  expect(answer).toEqual({ status: 404, mediaType: 'application/json', text: '{"a":1}', json: { a: 1 } });
});

test('an answer that is no JSON and has no type is its text', async () => {
  await using server = await serve((_request, response) => response.end('up 1'));
  expect(await fetchAnswer(server.url, patient, virtualContext())).toEqual({ status: 200, mediaType: '', text: 'up 1', json: undefined });
});

test('what only reads is sent on to another address, and what changes something is not', async () => {
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

test('the time of the server is told where it says one', async () => {
  await using server = await serve((_request, response) => response.setHeader('date', 'Sat, 21 Nov 2026 16:00:00 GMT').end());
  expect(await fetchAnswer(server.url, patient, virtualContext())).toMatchObject({ date: Date.UTC(2026, 10, 21, 16) });
});

test('a body that does not end in time is no answer', async () => {
  await using server = await serve((_request, response) => response.write('the beginning'));
  const asked = fetchAnswer(server.url, { timeoutMs: 20, unreachable }, virtualContext());
  await expect(asked).rejects.toThrow(expect.objectContaining({ code: 'X_UNREACHABLE', message: 'it did not answer within 0.02 s' }));
});

test('a body that does not end is not read for ever', async () => {
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

test('a connection that is closed is told in words', async () => {
  await using server = await serve((_request, response) => response.destroy());
  const asked = fetchAnswer(server.url, patient, virtualContext());
  await expect(asked).rejects.toThrow(expect.objectContaining({ code: 'X_UNREACHABLE', message: 'it closed the connection' }));
});

test('the end of a step is no failure of the server', async () => {
  const ended = new AbortController();
  const reason = new Error('the step was cancelled');
  await using server = await serve(() => ended.abort(reason));
  await expect(fetchAnswer(server.url, patient, virtualContext({ signal: ended.signal }))).rejects.toBe(reason);
});

test('the end of the time for a look is one', async () => {
  const look = new AbortController();
  await using server = await serve(() => look.abort(new DOMException('', 'TimeoutError')));
  const asked = fetchAnswer(server.url, patient, virtualContext({ signal: look.signal }));
  await expect(asked).rejects.toThrow(expect.objectContaining({ code: 'X_UNREACHABLE', message: 'it did not answer in the time that one look has' }));
});
