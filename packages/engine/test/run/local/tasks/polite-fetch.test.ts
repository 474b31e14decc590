import { serve } from '@relpipe/testing/http-server';
import { waitUntil } from '@relpipe/testing/wait-until';
import { expect, test } from 'vitest';
import { StepError, type ReadContext } from '../../../../src/contract/index.ts';
import { politeFetch } from '../../../../src/run/local/tasks/polite-fetch.ts';
import { VirtualClock } from '../../../../src/run/simulated/virtual-clock.ts';
import { fetchAnswer } from '../../../../src/toolkit/index.ts';

const noon = Date.parse('2026-11-20T12:00:00Z');

interface Refusal {
  readonly status: number;
  readonly after?: string;
  readonly date?: string;
}

/** A server that answers its first requests with these refusals, and every later one with 200. */
async function startBusyServer(...refusals: Refusal[]) {
  const asked: string[] = [];
  const served = await serve((request, response) => {
    asked.push(request.url ?? '');
    const { status, after, date }: Refusal = refusals.shift() ?? { status: 200 };
    response.writeHead(status, { ...(after !== undefined && { 'retry-after': after }), ...(date !== undefined && { date }) }).end();
  });
  return Object.assign(served, { asked });
}

/** One step of a process with this clock. */
const stepOf = (clock: VirtualClock, signal = new AbortController().signal) => {
  const lines: string[] = [];
  return { fetch: politeFetch(clock, signal, (line) => void lines.push(line)), lines };
};

const answerOf = (ask: typeof fetch, url: string, clock: VirtualClock, signal: AbortSignal) => {
  const unreachable = (why: string, cause: unknown) => new StepError('TEST_UNREACHABLE', why, { cause });
  return fetchAnswer(url, { timeoutMs: 600_000, unreachable }, { fetch: ask, clock, signal } as unknown as ReadContext);
};

test('a request waits as long as the answer before it asked, whichever step sends it', async () => {
  const clock = new VirtualClock(noon);
  await using server = await startBusyServer({ status: 429, after: '4' });
  await stepOf(clock).fetch(`${server.url}/simple/demo/`);

  const other = stepOf(clock);
  const answer = other.fetch(`${server.url}/simple/other/`);
  await waitUntil(async () => clock.alarms > 0);
  expect(other.lines).toEqual([`${new URL(server.url).host} asked for a pause (Retry-After): waiting 4 s`]);
  await clock.advance(3_999);
  expect(server.asked).toEqual(['/simple/demo/']);
  await clock.advance(1);
  expect((await answer).status).toBe(200);
  expect(server.asked).toEqual(['/simple/demo/', '/simple/other/']);
});

test('429 holds for the whole server, and 503 for the address that was asked', async () => {
  const clock = new VirtualClock(noon);
  await using server = await startBusyServer({ status: 503, after: '60' });
  const { fetch, lines } = stepOf(clock);
  await fetch(`${server.url}/health`);
  await fetch(`${server.url}/metrics`);
  expect(lines).toEqual([]);
  const again = fetch(`${server.url}/health?full=1`);
  await waitUntil(async () => clock.alarms > 0);
  await clock.advance(60_000);
  expect((await again).status).toBe(200);
  expect(server.asked).toEqual(['/health', '/metrics', '/health?full=1']);
});

test.each([
  ['a date', { status: 429, after: 'Fri, 20 Nov 2026 12:01:30 GMT' }, true],
  ['a date of a clock that is a year slow', { status: 429, after: 'Thu, 20 Nov 2025 12:01:30 GMT', date: 'Thu, 20 Nov 2025 12:00:00 GMT' }, true],
  ['nothing', { status: 429 }, false],
  ['something else', { status: 503, after: 'soon' }, false],
  ['0 seconds', { status: 503, after: '0' }, false],
  ['a pause with another status', { status: 500, after: '60' }, false],
])('an answer with %s as its Retry-After', async (_, refusal, waits) => {
  const clock = new VirtualClock(noon);
  await using server = await startBusyServer(refusal);
  const { fetch, lines } = stepOf(clock);
  await fetch(server.url);
  const again = fetch(server.url);
  if (waits) await waitUntil(async () => clock.alarms > 0);
  await clock.advance(91_000);
  expect((await again).status).toBe(200);
  expect(lines).toHaveLength(waits ? 1 : 0);
});

test('a step whose time is over first says until when the server asked for a pause, and sends nothing', async () => {
  const clock = new VirtualClock(noon);
  await using server = await startBusyServer({ status: 429, after: '3600' });
  const stop = new AbortController();
  const { fetch } = stepOf(clock, stop.signal);
  await fetch(server.url);
  const again = answerOf(fetch, server.url, clock, stop.signal);
  await waitUntil(async () => clock.alarms > 0);
  stop.abort(new DOMException('too long', 'TimeoutError'));
  await expect(again).rejects.toMatchObject({
    code: 'TEST_UNREACHABLE',
    message: 'it is busy, and asked not to be asked again before 13:00:00 UTC',
  });
  expect(server.asked).toHaveLength(1);
});
