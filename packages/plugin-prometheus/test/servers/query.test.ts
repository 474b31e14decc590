import { givenServer, needing } from '@relpipe/testing/real-servers';
import { realClock, virtualContext } from '@relpipe/testing/step-context';
import { waitUntil } from '@relpipe/testing/wait-until';
import { describe, test } from 'vitest';
import { query, type QueryConfig } from '../../src/query/query.ts';
import { startPrometheusOfOwn } from '../support/own-prometheus.ts';
import { startScrapedTarget } from '../support/real-prometheus.ts';

/** At real times, because a real server stores values by them. */
function measure(config: Omit<QueryConfig, 'server'> & { server?: string }, at: readonly number[] = [Date.now()], from = Date.now() - 60_000) {
  const request = { window: { from, to: Date.now() }, at };
  return query.measure({ server: config.server ?? givenServer('prometheus').url, ...config }, request, virtualContext({ clock: realClock }));
}

const needsServer = needing('prometheus');

describe.concurrent('a Prometheus server that scrapes a service', () => {
  test('a query returns the value that the service exposes', needsServer, async ({ expect }) => {
    await using service = await startScrapedTarget('relpipe_probe 42.5\n');
    await service.shows('relpipe_probe 42.5\n');
    expect(await measure({ query: `relpipe_probe{probe="${service.probe}"}` })).toMatchObject([{ value: 42.5, warnings: [] }]);
  });

  test('a query returns several series with their labels, and NaN and infinity as such', needsServer, async ({ expect }) => {
    await using service = await startScrapedTarget('');
    await service.shows('relpipe_probe{pod="a"} 1\nrelpipe_probe{pod="b"} NaN\nrelpipe_probe{pod="c"} +Inf\n');
    const found = await measure({ query: `sum by (pod) (relpipe_probe{probe="${service.probe}"})` });
    expect(found.map(({ series, value }) => [series, value]).toSorted()).toEqual([
      ['{pod="a"}', 1],
      ['{pod="b"}', Number.NaN],
      ['{pod="c"}', Infinity],
    ]);
  });

  test('a ratio without requests is 0 / 0, and measured as NaN', needsServer, async ({ expect }) => {
    await using service = await startScrapedTarget('');
    await service.shows('relpipe_requests_total{code="500"} 0\nrelpipe_requests_total{code="200"} 0\n');
    const of = (matchers: string): string => `sum(relpipe_requests_total{probe="${service.probe}"${matchers}})`;
    expect(await measure({ query: `${of(',code="500"')} / ${of('')}` })).toMatchObject([{ value: Number.NaN }]);
  });

  test('a series has no data from the moment at which the service no longer exposes it', needsServer, async ({ expect }) => {
    await using service = await startScrapedTarget('');
    await service.shows('relpipe_probe 1\n');
    const whileThere = Date.now();
    await service.shows('relpipe_other 1\n');
    const config = { query: `relpipe_probe{probe="${service.probe}"}` };
    expect(await measure(config, [whileThere])).toMatchObject([{ value: 1 }]);
    expect(await measure(config)).toMatchObject([{ value: null }]);
  });

  test('a service that has died has no data', needsServer, async ({ expect }) => {
    await using service = await startScrapedTarget('');
    await service.shows('relpipe_probe 1\n');
    await service.dies();
    const config = { query: `relpipe_probe{probe="${service.probe}"}` };
    expect(await measure(config)).toMatchObject([{ value: null }]);
  });

  test('a query for past times returns the values of those times, and no data before the first one', needsServer, async ({ expect }) => {
    await using service = await startScrapedTarget('');
    const before = Date.now() - 600_000;
    await service.shows('relpipe_probe 1\n');
    const first = Date.now();
    await service.shows('relpipe_probe 2\n');
    const second = Date.now();
    const config = { query: `relpipe_probe{probe="${service.probe}"}` };
    const found = await measure(config, [before, first, second]);
    expect(found.map(({ at, value }) => [at, value])).toEqual([[before, null], [first, 1], [second, 2]]);
  });

  test('a query for many evenly spaced times is answered in one request, to the millisecond', needsServer, async ({ expect }) => {
    await using service = await startScrapedTarget('');
    await service.shows('relpipe_probe 7\n');
    const last = Date.now();
    const at = Array.from({ length: 2000 }, (_, n) => last - 333 * (1999 - n));
    const found = await measure({ query: `relpipe_probe{probe="${service.probe}"}` }, at);
    expect(found.map((one) => one.at)).toEqual(at);
    expect(found.at(-1)).toMatchObject({ value: 7 });
    expect(found[0]).toMatchObject({ value: null });
  });

  test('the window is filled into the query', needsServer, async ({ expect }) => {
    await using service = await startScrapedTarget('relpipe_requests_total 100\n');
    await service.shows('relpipe_requests_total 100\n');
    await service.shows('relpipe_requests_total 160\n');
    const config = { query: `increase(relpipe_requests_total{probe="${service.probe}"}[$window])`, window: 60_000 };
    const [found] = await measure(config, [Date.now()], Date.now() - 30_000);
    expect(found?.query).toContain('[30s]');
    expect(found?.value).toBeGreaterThan(30);
  });

  test('a query that is not valid is refused with the message of the server', needsServer, async ({ expect }) => {
    await expect(measure({ query: 'rate(' })).rejects.toMatchObject({
      code: 'PROMETHEUS_QUERY_REFUSED',
      message: expect.stringContaining('unclosed left parenthesis') as string,
      retryable: false,
    });
  });

  test('a wrong path prefix is an error whose hint names it', needsServer, async ({ expect }) => {
    await expect(measure({ server: `${givenServer('prometheus').url}/prom`, query: 'up' })).rejects.toMatchObject({
      hint: expect.stringContaining('path prefix') as string,
    });
  });
});

describe.concurrent('a Prometheus server with another clock', () => {
  test.for([
    [-600_000, 'fast'],
    [600_000, 'slow'],
  ] as const)('a server is not believed when the clock of this machine is %d ms ahead of its own', needsServer, async ([offMs, words], { expect }) => {
    const clock = { ...realClock, now: () => Date.now() + offMs };
    const now = clock.now();
    const config = { server: givenServer('prometheus').url, query: 'vector(1)' };
    const refused = { code: 'PROMETHEUS_CLOCK_SKEW', message: expect.stringContaining(words) as string };

    const measured = query.measure(config, { window: { from: now - 60_000, to: now }, at: [now] }, virtualContext({ clock }));
    await expect(measured).rejects.toMatchObject({ ...refused, retryable: false });
    expect(await query.verify?.(config, virtualContext({ clock }), { unit: 'none' })).toMatchObject([{ level: 'error', ...refused }]);
  });
});

describe.concurrent('a Prometheus server that fails', () => {
  test('a server that hangs is an error after the timeout, and responds again later', needsServer, async ({ expect }) => {
    await using server = await startPrometheusOfOwn();
    await waitUntil(async () => (await measure({ server: server.url, query: 'up' }))[0]?.value === 1);
    await server.pauses();
    await expect(measure({ server: server.url, query: 'up', timeout: 300 })).rejects.toMatchObject({
      code: 'PROMETHEUS_UNREACHABLE',
      message: expect.stringContaining('within 0.3 s') as string,
      retryable: true,
    });
    server.wakes();
    expect(await measure({ server: server.url, query: 'up' })).toMatchObject([{ value: 1 }]);
  });

  test('a server that has died is a retryable error', needsServer, async ({ expect }) => {
    await using server = await startPrometheusOfOwn();
    await server.dies();
    await expect(measure({ server: server.url, query: 'up' })).rejects.toMatchObject({
      code: 'PROMETHEUS_UNREACHABLE',
      message: expect.stringContaining('nothing listens there') as string,
      retryable: true,
    });
  });

  test('a query that exceeds a limit of the server is an error with its message', needsServer, async ({ expect }) => {
    await using server = await startPrometheusOfOwn({ arguments: ['--query.max-samples=1'] });
    await waitUntil(async () => (await measure({ server: server.url, query: 'up' }))[0]?.value === 1);
    await expect(measure({ server: server.url, query: '{job="prometheus"}' })).rejects.toMatchObject({
      code: 'PROMETHEUS_QUERY_REFUSED',
      message: expect.stringContaining('too many samples') as string,
    });
  });
});
