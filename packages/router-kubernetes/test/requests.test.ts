import { serve } from '@relpipe/testing/http-server';
import { virtualContext } from '@relpipe/testing/step-context';
import { expect, test } from 'vitest';
import { RequestCounter } from '../src/request-counter.ts';

type Scrape = readonly [at: number, value: number];

/** A stand-in for Prometheus: what it has scraped of two gateways, and its clock. */
async function startPrometheus() {
  const scraped: Record<string, { labels: Record<string, string>; samples: Scrape[] }> = {};
  let now = 1000;
  const server = await serve((request, response) => {
    const query = new URL(request.url ?? '/', 'http://prometheus').searchParams.get('query');
    const result = Object.values(scraped).map(({ labels, samples }) => ({ metric: labels, values: samples.map(([at, value]) => [at, String(value)]) }));
    const data = query === 'time()' ? { resultType: 'scalar', result: [now, String(now)] } : { resultType: 'matrix', result };
    response.end(JSON.stringify(query === 'nonsense[5m]' ? { status: 'error', error: 'parse error' } : { status: 'success', data }));
  });
  const scrape = (at: number, instance: string, values: Readonly<Record<string, number>>) => {
    now = Math.max(now, at);
    for (const [version, value] of Object.entries(values)) {
      const series = (scraped[`${instance} ${version}`] ??= { labels: { instance, version }, samples: [] });
      series.samples.push([at, value]);
    }
  };
  return { url: server.url, scrape, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

const counterAt = (prometheus: string, counter = 'requests_total') => new RequestCounter({ prometheus, counter, label: 'version' }, virtualContext());

test('requests are counted from the first scrape after the start, for each scraped target on its own', async () => {
  await using prometheus = await startPrometheus();
  const counter = counterAt(prometheus.url);
  prometheus.scrape(995, 'a', { v1: 1000, v2: 10 });
  await counter.start();
  expect(await counter.count()).toEqual({ v1: 0, v2: 0 });

  prometheus.scrape(1005, 'a', { v1: 1200, v2: 30 });
  prometheus.scrape(1012, 'b', { v1: 500 });
  expect(await counter.count(), 'these may have been divided by other weights').toEqual({ v1: 0, v2: 0 });

  prometheus.scrape(1020, 'a', { v1: 1290, v2: 40 });
  prometheus.scrape(1027, 'b', { v1: 590, v2: 10 });
  expect(await counter.count(), 'a series that appears started at 0').toEqual({ v1: 180, v2: 20 });
});

test('a counter that was reset counts from 0, and a new start forgets the previous one', async () => {
  await using prometheus = await startPrometheus();
  const counter = counterAt(prometheus.url);
  await counter.start();
  prometheus.scrape(1005, 'a', { v1: 1200, v2: 30 });
  prometheus.scrape(1020, 'a', { v1: 90, v2: 10 });
  expect(await counter.count()).toEqual({ v1: 90, v2: 10 });

  await counter.start();
  expect(await counter.count(), 'the last scrape is the new start').toEqual({ v1: 0, v2: 0 });
});

test('an unreachable Prometheus is a retryable error, and a query that it refuses is reported with its message', async () => {
  await using prometheus = await startPrometheus();

  await expect(counterAt('http://127.0.0.1:1').count()).rejects.toMatchObject({ code: 'KUBERNETES_REQUESTS_UNREADABLE', retryable: true });
  await expect(counterAt(prometheus.url, 'nonsense').count()).rejects.toMatchObject({ message: expect.stringContaining('parse error') as string, retryable: false });
});
