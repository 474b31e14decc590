import { describe, test } from 'vitest';
import { givenServer, needing } from '../../../../test/support/servers.ts';
import { realClock } from '../../../../test/support/real-clock.ts';
import { virtualContext } from '../../../../test/support/virtual-context.ts';
import { waitUntil } from '../../../../test/support/wait-until.ts';
import { query, type QueryConfig } from '../../src/query/query.ts';
import { startPrometheusOfOwn } from '../support/own-prometheus.ts';
import { startScrapedTarget } from '../support/scraped-target.ts';

/** At real times, because a real server keeps them. */
function measure(config: Omit<QueryConfig, 'server'> & { server?: string }, at: readonly number[] = [Date.now()], from = Date.now() - 60_000) {
  const look = { window: { from, to: Date.now() }, at };
  return query.measure({ server: config.server ?? givenServer('prometheus').url, ...config }, look, virtualContext({ clock: realClock }));
}

const needsServer = needing('prometheus');

describe.concurrent('a Prometheus server that scrapes a service', () => {
  test('answers with the value the service shows', needsServer, async ({ expect }) => {
    await using service = await startScrapedTarget('relpipe_probe 42.5\n');
    await service.shows('relpipe_probe 42.5\n');
    expect(await measure({ query: `relpipe_probe{probe="${service.probe}"}` })).toMatchObject([{ value: 42.5, warnings: [] }]);
  });

  test('tells several series apart, and NaN and infinity from numbers', needsServer, async ({ expect }) => {
    await using service = await startScrapedTarget('');
    await service.shows('relpipe_probe{pod="a"} 1\nrelpipe_probe{pod="b"} NaN\nrelpipe_probe{pod="c"} +Inf\n');
    const found = await measure({ query: `sum by (pod) (relpipe_probe{probe="${service.probe}"})` });
    expect(found.map(({ series, value }) => [series, value]).toSorted()).toEqual([
      ['{pod="a"}', 1],
      ['{pod="b"}', Number.NaN],
      ['{pod="c"}', Infinity],
    ]);
  });

  test('has no data for 0 / 0 of requests that nobody made: it is NaN and no number', needsServer, async ({ expect }) => {
    await using service = await startScrapedTarget('');
    await service.shows('relpipe_requests_total{code="500"} 0\nrelpipe_requests_total{code="200"} 0\n');
    const of = (matchers: string): string => `sum(relpipe_requests_total{probe="${service.probe}"${matchers}})`;
    expect(await measure({ query: `${of(',code="500"')} / ${of('')}` })).toMatchObject([{ value: Number.NaN }]);
  });

  test('has no data for a series from the moment on at which the service does not show it any more', needsServer, async ({ expect }) => {
    await using service = await startScrapedTarget('');
    await service.shows('relpipe_probe 1\n');
    const whileThere = Date.now();
    await service.shows('relpipe_other 1\n');
    const asked = { query: `relpipe_probe{probe="${service.probe}"}` };
    expect(await measure(asked, [whileThere])).toMatchObject([{ value: 1 }]);
    expect(await measure(asked)).toMatchObject([{ value: null }]);
  });

  test('has no data for a service that is dead, although it had some a moment ago', needsServer, async ({ expect }) => {
    await using service = await startScrapedTarget('');
    await service.shows('relpipe_probe 1\n');
    await service.dies();
    const asked = { query: `relpipe_probe{probe="${service.probe}"}` };
    expect(await measure(asked)).toMatchObject([{ value: null }]);
  });

  test('answers for the past: what was so then, and nothing before it began', needsServer, async ({ expect }) => {
    await using service = await startScrapedTarget('');
    const before = Date.now() - 600_000;
    await service.shows('relpipe_probe 1\n');
    const first = Date.now();
    await service.shows('relpipe_probe 2\n');
    const second = Date.now();
    const asked = { query: `relpipe_probe{probe="${service.probe}"}` };
    const found = await measure(asked, [before, first, second]);
    expect(found.map(({ at, value }) => [at, value])).toEqual([[before, null], [first, 1], [second, 2]]);
  });

  test('answers for many evenly spaced moments at once, to the millisecond', needsServer, async ({ expect }) => {
    await using service = await startScrapedTarget('');
    await service.shows('relpipe_probe 7\n');
    const last = Date.now();
    const at = Array.from({ length: 2000 }, (_, n) => last - 333 * (1999 - n));
    const found = await measure({ query: `relpipe_probe{probe="${service.probe}"}` }, at);
    expect(found.map((one) => one.at)).toEqual(at);
    expect(found.at(-1)).toMatchObject({ value: 7 });
    expect(found[0]).toMatchObject({ value: null });
  });

  test('puts the window into the query', needsServer, async ({ expect }) => {
    await using service = await startScrapedTarget('relpipe_requests_total 100\n');
    await service.shows('relpipe_requests_total 100\n');
    await service.shows('relpipe_requests_total 160\n');
    const asked = { query: `increase(relpipe_requests_total{probe="${service.probe}"}[$window])`, window: 60_000 };
    const [found] = await measure(asked, [Date.now()], Date.now() - 30_000);
    expect(found?.query).toContain('[30s]');
    expect(found?.value).toBeGreaterThan(30);
  });

  test('refuses a wrong query in its own words', needsServer, async ({ expect }) => {
    await expect(measure({ query: 'rate(' })).rejects.toMatchObject({
      code: 'PROMETHEUS_QUERY_REFUSED',
      message: expect.stringContaining('unclosed left parenthesis') as string,
      retryable: false,
    });
  });

  test('is no Prometheus one folder further, which is said', needsServer, async ({ expect }) => {
    await expect(measure({ server: `${givenServer('prometheus').url}/prom`, query: 'up' })).rejects.toMatchObject({
      hint: expect.stringContaining('path prefix') as string,
    });
  });
});

describe.concurrent('a server whose clock is another', () => {
  test.for([
    [-600_000, 'ahead of'],
    [600_000, 'behind'],
  ] as const)('is not believed what it says of another time: here it is %d ms later than there', needsServer, async ([offMs, words], { expect }) => {
    const clock = { ...realClock, now: () => Date.now() + offMs };
    const now = clock.now();
    const config = { server: givenServer('prometheus').url, query: 'vector(1)' };
    const refused = { code: 'PROMETHEUS_CLOCK_OFF', message: expect.stringContaining(words) as string };

    const measured = query.measure(config, { window: { from: now - 60_000, to: now }, at: [now] }, virtualContext({ clock }));
    await expect(measured).rejects.toMatchObject({ ...refused, retryable: false });
    expect(await query.verify?.(config, virtualContext({ clock }))).toMatchObject([{ level: 'error', ...refused }]);
  });
});

describe.concurrent('a server in trouble', () => {
  test('that hangs is an error in time, and answers again when it is awake', needsServer, async ({ expect }) => {
    await using server = await startPrometheusOfOwn();
    await waitUntil(async () => (await measure({ server: server.url, query: 'up' }))[0]?.value === 1);
    await server.freezes();
    await expect(measure({ server: server.url, query: 'up', timeout: 300 })).rejects.toMatchObject({
      code: 'PROMETHEUS_UNREACHABLE',
      message: expect.stringContaining('within 0.3 s') as string,
      retryable: true,
    });
    server.wakes();
    expect(await measure({ server: server.url, query: 'up' })).toMatchObject([{ value: 1 }]);
  });

  test('that has died is an error that may pass', needsServer, async ({ expect }) => {
    await using server = await startPrometheusOfOwn();
    await server.dies();
    await expect(measure({ server: server.url, query: 'up' })).rejects.toMatchObject({
      code: 'PROMETHEUS_UNREACHABLE',
      message: expect.stringContaining('nothing listens there') as string,
      retryable: true,
    });
  });

  test('that gives up on a query says so', needsServer, async ({ expect }) => {
    await using server = await startPrometheusOfOwn({ arguments: ['--query.max-samples=1'] });
    await waitUntil(async () => (await measure({ server: server.url, query: 'up' }))[0]?.value === 1);
    await expect(measure({ server: server.url, query: '{job="prometheus"}' })).rejects.toMatchObject({
      code: 'PROMETHEUS_QUERY_REFUSED',
      message: expect.stringContaining('too many samples') as string,
    });
  });
});
