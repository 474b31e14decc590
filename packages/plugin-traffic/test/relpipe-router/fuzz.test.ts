import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RawClient } from '../support/http-clients.ts';
import { startSocketServer } from '../support/http-servers.ts';
import { readRequests, type ReadRequest } from '../support/read-requests.ts';
import { startTestRouter } from '../support/test-router.ts';

/** Fixed, so that a failure is a failure for everybody. */
const seed = 9112;

/** From 0 to 1, evenly: `fc.double` favours values near 0. */
const fraction = fc.nat(1000).map((n) => n / 1000);

const pick = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const content = fc.oneof(
  fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  pick('', 'GET /in-a-body HTTP/1.1\r\nHost: a\r\n\r\n', '0\r\n\r\n', '\r\n\r\n', '5\r\nhello\r\n0\r\n\r\n'),
);

const sized = content.map((text) => ({ fields: [`Content-Length: ${text.length}`], body: text }));
const chunked = fc
  .record({ chunks: fc.array(content.filter((text) => text !== ''), { maxLength: 3 }), extension: pick('', '', ';a=b', ' ; c="d"'), zero: pick('0', '00'), trailers: pick('', '', 'X-Sum: 1\r\n') })
  .map(({ chunks, extension, zero, trailers }) => ({
    fields: ['Transfer-Encoding: chunked'],
    body: `${chunks.map((text) => `${text.length.toString(16)}${extension}\r\n${text}\r\n`).join('')}${zero}\r\n${trailers}\r\n`,
  }));
const body = fc.oneof(fc.constant({ fields: [] as string[], body: '' }), sized, chunked);

const field = pick(
  'Accept: */*', 'Cookie: a=b; c=d', 'X-Empty:', 'X-Tab: a\tb', 'X-High: \xe4\xf6', 'Connection: keep-alive', 'Connection: X-Private', 'X-Private: 1', 'TE: trailers',
  'X-Forwarded-For: 192.0.2.1', 'Keep-Alive: timeout=5', 'Upgrade: websocket', 'Content-Type: text/plain', 'Expect-Nothing: yes',
);

/** A valid request, as bytes in latin1. */
const request = fc
  .record({ method: pick('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'M-SEARCH'), target: pick('/', '/a?b=c', '/%2e%2e//', 'http://b.example/x', 'HTTP://b.example:81?q'), fields: fc.array(field, { maxLength: 4 }), body, blank: pick('', '', '\r\n') })
  .map(({ method, target, fields, body: { fields: framing, body: bytes }, blank }) => {
    const lines = [`${method} ${target} HTTP/1.1`, 'Host: a.example', ...fields, ...framing];
    return `${blank}${lines.join('\r\n')}\r\n\r\n${bytes}`;
  });

/** What somebody writes into a stream to have it read in two ways. */
const poison = pick(
  '\r', '\n', '\r\n', '\r\n\r\n', ' ', '\t', '\0', '\x0b', '\x7f', '\x85', '\xa0', ':', ';', ',', ', identity', ', chunked', '0', '5', 'g', '-', '+', '0x', '5\r\n', '0\r\n\r\n',
  'Content-Length: 5\r\n', 'Content-Length: 0\r\n', 'Content-Length : 5\r\n', 'Content-Length: 5, 5\r\n', 'Content_Length: 5\r\n', 'content-length:\r\n 5\r\n',
  'Transfer-Encoding: chunked\r\n', 'Transfer-Encoding: xchunked\r\n', 'Transfer-Encoding: chunked, identity\r\n', 'Transfer-Encoding:\tchunked\r\n', 'transfer-encoding\r\n : chunked\r\n',
  'Host: b\r\n', 'Host: b@c\r\n', 'Connection: content-length\r\n', 'Connection: close\r\n', ' HTTP/1.1', ' HTTP/1.0', 'GET /smuggled HTTP/1.1\r\nHost: s\r\n\r\n', 'GET /smuggled HTTP/1.1\nHost: s\n\n',
);

interface Edit {
  /** From 0 to 1. */
  readonly at: number;
  readonly removed: number;
  readonly inserted: string;
}

const edit = fc.record({ at: fraction, removed: pick(0, 0, 1, 2, 10), inserted: fc.oneof(poison, fc.constant('')) });

/** Edits near line ends, because that is where framing is decided. */
function withEdit(text: string, { at, removed, inserted }: Edit): string {
  const ends = [...text.matchAll(/\r\n/g)].flatMap(({ index }) => [index, index + 2]);
  const places = [...ends, ...ends, Math.floor(at * text.length)];
  const place = places[Math.floor(at * (places.length - 1))] ?? 0;
  return text.slice(0, place) + inserted + text.slice(place + removed);
}

const stream = fc.array(request, { minLength: 1, maxLength: 3 }).map((requests) => requests.join(''));
const attack = fc.tuple(stream, fc.array(edit, { minLength: 1, maxLength: 3 })).map(([text, edits]) => edits.reduce(withEdit, text));
const cuts = fc.array(fraction, { maxLength: 4 });

/** Closes the connection, so that its answer is the last one. */
const last = 'GET /last HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n';

const refusal = /HTTP\/1\.1 (400|431|501|505) /;

/** The real router before a server that reads strictly what reaches it, and answers each request. */
async function routerAndServer() {
  let seen = { requests: [] as ReadRequest[], hasInvalid: false };
  const { url } = await startSocketServer((socket) => {
    let bytes = '';
    socket.on('data', (chunk) => {
      const { requests, end, rest } = readRequests(bytes + chunk.toString('latin1'));
      seen.requests.push(...requests);
      // The router passes a body on as it comes: it may refuse the rest of it, and then breaks off this connection.
      seen.hasInvalid ||= end === 'invalid';
      bytes = rest;
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'.repeat(requests.length));
    });
  });
  const router = await startTestRouter({ stable: url }, { 'health-every': '1h' });

  /** Sends the bytes in pieces. @returns what reached the server, and what the client got */
  async function send(text: string, expected: number, isIncomplete: boolean, places: readonly number[]) {
    seen = { requests: [], hasInvalid: false };
    const client = new RawClient(router.port);
    const positions = [0, ...places.map((place) => Math.floor(place * text.length)).sort((a, b) => a - b), text.length];
    for (const [i, from] of positions.slice(0, -1).entries()) {
      client.send(text.slice(from, positions[i + 1]));
      await turn();
    }
    const isAnswered = () => isIncomplete && client.received.split('HTTP/1.1 200 ').length > expected;
    const until = performance.now() + 5000;
    while (!client.isClosed && !isAnswered()) {
      if (performance.now() > until) throw new Error(`The router neither answers nor closes: ${JSON.stringify(client.received)}`);
      await turn();
    }
    const { isClosed } = client;
    client.socket.destroy();
    for (let i = 0; i < 3; i += 1) await turn();
    return { received: seen.requests, hasInvalid: seen.hasInvalid, answers: client.received, isClosed };
  }
  return send;
}

test('a valid request reaches the server exactly as it was sent, however it is cut into packets', async () => {
  const send = await routerAndServer();
  await fc.assert(
    fc.asyncProperty(stream, cuts, async (text, places) => {
      const expected = readRequests(text + last);
      expect(expected.end).toBe('closed');
      const { received } = await send(text + last, expected.requests.length, false, places);
      expect(received).toEqual(expected.requests);
    }),
    { seed, numRuns: 400 },
  );
});

test('a manipulated request is refused, or reaches the server exactly as a strict reading of it says', async () => {
  const send = await routerAndServer();
  const outcomes = { refused: 0, passed: 0 };
  await fc.assert(
    fc.asyncProperty(attack, cuts, async (text, places) => {
      const expected = readRequests(text + last);
      const { received, answers, isClosed, hasInvalid } = await send(text + last, expected.requests.length, expected.end === 'incomplete', places);
      expect(received).toEqual(expected.requests.slice(0, received.length));
      const isRefused = refusal.test(answers);
      if (received.length < expected.requests.length || expected.end === 'invalid' || hasInvalid) expect({ isRefused, isClosed }).toEqual({ isRefused: true, isClosed: true });
      outcomes[isRefused ? 'refused' : 'passed'] += 1;
    }),
    { seed, numRuns: 3000, endOnFailure: true },
  );
  // Otherwise the manipulations would test nothing.
  expect(Math.min(outcomes.refused, outcomes.passed)).toBeGreaterThan(300);
});
