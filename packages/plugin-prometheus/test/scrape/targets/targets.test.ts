import { describe, expect, test } from 'vitest';
import { containing } from '../../../../../test/support/containing.ts';
import { scrape } from '../../../src/scrape/scrape.ts';
import { secretOf, virtualContext } from '../../../../../test/support/virtual-context.ts';
import { serve } from '../../../../../test/support/serve.ts';
import { requests, startTarget } from '../../support/target.ts';
import { watch } from '../../support/watch.ts';

describe('a value', () => {
  test('is the present one, and one look is enough', async () => {
    await using service = await startTarget('# TYPE memory_bytes gauge\nmemory_bytes 5e+06\n');
    const found = await watch({ target: service.url, value: 'memory_bytes' }).one();
    expect(found.value).toBe(5_000_000);
    expect(found).not.toHaveProperty('series');
  });

  test('of several series is one measurement each, for the engine to reduce or refuse', async () => {
    await using service = await startTarget('pool{name="a"} 1\npool{name="b"} NaN\n');
    const found = await watch({ target: service.url, value: 'pool' }).look();
    expect(found.map(({ series, value }) => [series, value])).toEqual([
      ['{name="a"}', 1],
      ['{name="b"}', Number.NaN],
    ]);
  });

  test('that is not there is no data', async () => {
    await using service = await startTarget('pool{name="a"} 1\n');
    expect(await watch({ target: service.url, value: 'pol' }).one()).toMatchObject({ value: null });
    expect(await watch({ target: service.url, value: 'pool{name="b"}' }).one()).toMatchObject({ value: null });
  });
});

describe('several targets', () => {
  test('are one service: rates add up, each over its own time', async () => {
    await using a = await startTarget(requests({ 200: 0 }));
    await using b = await startTarget(requests({ 200: 500 }));
    const metric = watch({ targets: [a.url, b.url], rate: 'http_requests_total' });
    await metric.look();
    metric.pass(10_000);
    a.shows(requests({ 200: 10 }));
    b.shows(requests({ 200: 520 }));
    expect(await metric.one()).toMatchObject({ value: 3, samples: 30 });
  });

  test('all have to answer: a dead one is an error, and what the others showed is not forgotten', async () => {
    await using a = await startTarget(requests({ 200: 0 }));
    await using b = await startTarget(requests({ 200: 0 }));
    const metric = watch({ targets: [a.url, b.url], rate: 'http_requests_total' });
    await metric.look();
    metric.pass(10_000);
    b.shows(503);
    await expect(metric.look()).rejects.toMatchObject({ message: `${b.url}/metrics answered 503.`, retryable: true });
    metric.pass(10_000);
    a.shows(requests({ 200: 40 }));
    b.shows(requests({ 200: 20 }));
    expect(await metric.one()).toMatchObject({ value: 3, raw: { seen: [{ scrapes: 3 }, { scrapes: 2 }] } });
  });

  test('are told apart in the series of a value', async () => {
    await using a = await startTarget('up 1\n');
    await using b = await startTarget('up 0\n');
    const found = await watch({ targets: [a.url, b.url], value: 'up' }).look();
    expect(found.map(({ series }) => series)).toEqual([a, b].map(({ url }) => `{instance="${new URL(url).host}"}`));
  });
});

describe('a target that gives no metrics is an error that names it:', () => {
  test('nothing listens', async () => {
    const service = await startTarget();
    await service[Symbol.asyncDispose]();
    await expect(watch({ target: service.url, value: 'up' }).look()).rejects.toMatchObject({
      code: 'PROMETHEUS_UNREACHABLE',
      message: `Could not read ${service.url}/metrics: nothing listens there (connection refused).`,
      retryable: true,
    });
  });

  test('it never answers', async () => {
    await using service = await serve(() => undefined);
    await expect(watch({ target: service.url, value: 'up', timeout: 20 }).look()).rejects.toMatchObject({
      message: `Could not read ${service.url}/metrics: it did not answer within 0.02 s.`,
    });
  });

  test('it stops in the middle of its answer', async () => {
    await using service = await serve(
      (_, response) =>
        void response.writeHead(200, { 'content-length': '99' }).write('up 1\n', () => response.destroy()),
    );
    await expect(watch({ target: service.url, value: 'up' }).look()).rejects.toMatchObject({
      message: `Could not read ${service.url}/metrics: it closed the connection.`,
    });
  });

  test.each([
    [401, false, 'Give `token` a secret'],
    [404, false, 'Open it in a browser'],
    [429, true, 'Open it in a browser'],
  ])('it answers %i', async (status, retryable, hint) => {
    await using service = await startTarget();
    service.shows(status);
    await expect(watch({ target: service.url, value: 'up' }).look()).rejects.toMatchObject({
      code: 'PROMETHEUS_TARGET_REFUSED',
      retryable,
      hint: containing(hint),
    });
  });

  test.each([
    ['<html></html>', 'text/html', 'it answered text/html'],
    ['up 1\nup{\n', 'text/plain', 'Line 2 is malformed'],
  ])('it shows %j as %s', async (body, contentType, why) => {
    await using service = await startTarget();
    service.shows(body, contentType);
    await expect(watch({ target: service.url, value: 'up' }).look()).rejects.toMatchObject({
      code: 'PROMETHEUS_NOT_METRICS',
      message: containing(why),
    });
  });

  test.each(['localhost:9090', 'ftp://x/metrics', 'http://me:pw@127.0.0.1/metrics'])(
    'its URL is %s',
    async (target) => {
      await expect(watch({ target, value: 'up' }).look()).rejects.toMatchObject({ code: 'PROMETHEUS_URL_INVALID' });
    },
  );
});

test('a cancelled step ends the scrape with the cancellation itself, not with an unreachable target', async () => {
  const cancel = new AbortController();
  const reason = new Error('cancelled');
  await using service = await serve(() => {
    cancel.abort(reason);
  });
  const context = virtualContext({ signal: cancel.signal });
  const look = { window: { from: 0, to: 1 }, at: [1] };
  await expect(scrape.measure({ target: service.url, value: 'up' }, look, context)).rejects.toBe(reason);
});

test('a look that the engine ends because it takes too long names the slow target', async () => {
  await using service = await serve(() => undefined);
  const context = virtualContext({ signal: AbortSignal.timeout(20) });
  const look = { window: { from: 0, to: 1 }, at: [1] };
  await expect(scrape.measure({ target: service.url, value: 'up' }, look, context)).rejects.toMatchObject({
    code: 'PROMETHEUS_UNREACHABLE',
    message: `Could not read ${service.url}/metrics: it did not answer in the time that one look has.`,
  });
});

test('the text format is asked for first, with the token', async () => {
  await using service = await startTarget('up 1\n');
  await watch({ target: service.url, value: 'up', token: secretOf('s3cret') }).look();
  const [request] = service.requests;
  expect(request).toMatchObject({ path: '/metrics', authorization: 'Bearer s3cret' });
  expect(request?.accept).toMatch(/^text\/plain;version=0\.0\.4;q=1,application\/openmetrics-text/);
});

test('OpenMetrics is read where a target gives nothing else', async () => {
  await using service = await startTarget();
  service.shows(
    '# TYPE jobs counter\njobs_total 3\n# EOF\n',
    'application/openmetrics-text; version=1.0.0; charset=utf-8',
  );
  expect((await watch({ target: service.url, value: 'jobs_total' }).one()).value).toBe(3);
});
