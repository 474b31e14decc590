import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attack, cuts, last, stream } from '../support/arbitrary-requests.ts';
import { RawClient } from '../support/http-clients.ts';
import { startSocketServer } from '../support/http-servers.ts';
import { readRequests, type ReadRequest } from '../support/read-requests.ts';
import { startTestRouter } from '../support/test-router.ts';

/** Fixed, so that a failure is a failure for everybody. */
const seed = 9112;

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
