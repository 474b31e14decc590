import { serve } from '@relpipe/testing/http-server';
import { containing } from '@relpipe/testing/matchers';
import { secretOf, virtualContext } from '@relpipe/testing/step-context';
import { describe, expect, test } from 'vitest';
import { scrape } from '../../src/scrape/scrape.ts';
import { requests, startTarget } from '../support/target.ts';
import { watch } from '../support/watch.ts';

describe('the value of prometheus.scrape', () => {
  test('a value is the current one, and one scrape is enough', async () => {
    await using service = await startTarget('# TYPE memory_bytes gauge\nmemory_bytes 5e+06\n');
    const found = await watch({ target: service.url, value: 'memory_bytes' }).one();
    expect(found.value).toBe(5_000_000);
    expect(found).not.toHaveProperty('series');
  });

  test('a value with several series is one measurement each, for the engine to reduce or refuse', async () => {
    await using service = await startTarget('pool{name="a"} 1\npool{name="b"} NaN\n');
    const found = await watch({ target: service.url, value: 'pool' }).sample();
    expect(found.map(({ series, value }) => [series, value])).toEqual([
      ['{name="a"}', 1],
      ['{name="b"}', Number.NaN],
    ]);
  });

  test('a value that the target does not have is no data', async () => {
    await using service = await startTarget('pool{name="a"} 1\n');
    expect(await watch({ target: service.url, value: 'pol' }).one()).toMatchObject({ value: null });
    expect(await watch({ target: service.url, value: 'pool{name="b"}' }).one()).toMatchObject({ value: null });
  });
});

describe('several targets of prometheus.scrape', () => {
  test('the rates of several targets add up, each over its own time', async () => {
    await using a = await startTarget(requests({ 200: 0 }));
    await using b = await startTarget(requests({ 200: 500 }));
    const metric = watch({ targets: [a.url, b.url], rate: 'http_requests_total' });
    await metric.sample();
    metric.pass(10_000);
    a.shows(requests({ 200: 10 }));
    b.shows(requests({ 200: 520 }));
    expect(await metric.one()).toMatchObject({ value: 3, samples: 30 });
  });

  test('a target that does not respond is an error, and the scrapes of the others are remembered', async () => {
    await using a = await startTarget(requests({ 200: 0 }));
    await using b = await startTarget(requests({ 200: 0 }));
    const metric = watch({ targets: [a.url, b.url], rate: 'http_requests_total' });
    await metric.sample();
    metric.pass(10_000);
    b.shows(503);
    await expect(metric.sample()).rejects.toMatchObject({ message: `${b.url}/metrics returned 503.`, retryable: true });
    metric.pass(10_000);
    a.shows(requests({ 200: 40 }));
    b.shows(requests({ 200: 20 }));
    expect(await metric.one()).toMatchObject({ value: 3, raw: { scraped: [{ scrapes: 3 }, { scrapes: 2 }] } });
  });

  test('the series of several targets are told apart by their instance', async () => {
    await using a = await startTarget('up 1\n');
    await using b = await startTarget('up 0\n');
    const found = await watch({ targets: [a.url, b.url], value: 'up' }).sample();
    expect(found.map(({ series }) => series)).toEqual([a, b].map(({ url }) => `{instance="${new URL(url).host}"}`));
  });
});

describe('a target without metrics', () => {
  test('a target where nothing listens is an error that names it', async () => {
    const service = await startTarget();
    await service[Symbol.asyncDispose]();
    await expect(watch({ target: service.url, value: 'up' }).sample()).rejects.toMatchObject({
      code: 'PROMETHEUS_UNREACHABLE',
      message: `Could not read ${service.url}/metrics: nothing listens there (connection refused).`,
      retryable: true,
    });
  });

  test('a target that never responds is an error that names it', async () => {
    await using service = await serve(() => undefined);
    await expect(watch({ target: service.url, value: 'up', timeout: 20 }).sample()).rejects.toMatchObject({
      message: `Could not read ${service.url}/metrics: it did not answer within 0.02 s.`,
    });
  });

  test('a target that stops in the middle of its response is an error that names it', async () => {
    await using service = await serve(
      (_, response) =>
        void response.writeHead(200, { 'content-length': '99' }).write('up 1\n', () => response.destroy()),
    );
    await expect(watch({ target: service.url, value: 'up' }).sample()).rejects.toMatchObject({
      message: `Could not read ${service.url}/metrics: it closed the connection.`,
    });
  });

  test.each([
    [401, false, 'Set `token` to a secret'],
    [404, false, 'Open it in a browser'],
    [429, true, 'The server is busy or restarting'],
  ])('a target that returns %i is an error with a hint', async (status, retryable, hint) => {
    await using service = await startTarget();
    service.shows(status);
    await expect(watch({ target: service.url, value: 'up' }).sample()).rejects.toMatchObject({
      code: 'PROMETHEUS_TARGET_REFUSED',
      retryable,
      hint: containing(hint),
    });
  });

  test.each([
    ['<html></html>', 'text/html', 'its content type is text/html'],
    ['up 1\nup{\n', 'text/plain', 'Line 2 is malformed'],
  ])('a target that returns %j as %s has no metrics', async (body, contentType, why) => {
    await using service = await startTarget();
    service.shows(body, contentType);
    await expect(watch({ target: service.url, value: 'up' }).sample()).rejects.toMatchObject({
      code: 'PROMETHEUS_NOT_METRICS',
      message: containing(why),
    });
  });

  test.each(['localhost:9090', 'ftp://x/metrics', 'http://me:pw@127.0.0.1/metrics'])(
    'the URL %s is not a valid target',
    async (target) => {
      await expect(watch({ target, value: 'up' }).sample()).rejects.toMatchObject({ code: 'PROMETHEUS_URL_INVALID' });
    },
  );
});

test('a scrape that is cancelled fails with the cancellation itself, not with an unreachable target', async () => {
  const cancel = new AbortController();
  const reason = new Error('cancelled');
  await using service = await serve(() => {
    cancel.abort(reason);
  });
  const context = virtualContext({ signal: cancel.signal });
  const request = { window: { from: 0, to: 1 }, at: [1] };
  await expect(scrape.measure({ target: service.url, value: 'up' }, request, context)).rejects.toBe(reason);
});

test('a sample that takes too long names the slow target', async () => {
  await using service = await serve(() => undefined);
  const context = virtualContext({ signal: AbortSignal.timeout(20) });
  const request = { window: { from: 0, to: 1 }, at: [1] };
  await expect(scrape.measure({ target: service.url, value: 'up' }, request, context)).rejects.toMatchObject({
    code: 'PROMETHEUS_UNREACHABLE',
    message: `Could not read ${service.url}/metrics: it did not answer in the time that one sample has.`,
  });
});

test('a scrape asks for the text format first, and sends the token', async () => {
  await using service = await startTarget('up 1\n');
  await watch({ target: service.url, value: 'up', token: secretOf('s3cret') }).sample();
  const [request] = service.requests;
  expect(request).toMatchObject({ path: '/metrics', authorization: 'Bearer s3cret' });
  expect(request?.accept).toMatch(/^text\/plain;version=0\.0\.4;q=1,application\/openmetrics-text/);
});

test('a scrape sends headers, whose values may be secrets', async () => {
  await using service = await startTarget('up 1\n');
  await watch({ target: service.url, value: 'up', headers: { Authorization: secretOf('Basic abc') } }).sample();
  expect(service.requests).toMatchObject([{ authorization: 'Basic abc' }]);
});

test('OpenMetrics is read where a target returns nothing else', async () => {
  await using service = await startTarget();
  service.shows(
    '# TYPE jobs counter\njobs_total 3\n# EOF\n',
    'application/openmetrics-text; version=1.0.0; charset=utf-8',
  );
  expect((await watch({ target: service.url, value: 'jobs_total' }).one()).value).toBe(3);
});
