import { containing } from '@relpipe/testing/matchers';
import { describe, expect, test } from 'vitest';
import { histogram, requests, startTarget } from '../support/target.ts';
import { watch } from '../support/watch.ts';

const errors = 'http_requests_total{code=~"5.."}';
const errorRatio = { of: errors, to: 'http_requests_total' };

test('the first sample of a rate has no data, neither 0 nor the increase since the service started', async () => {
  await using service = await startTarget(requests({ 200: 1_000_000 }));
  const first = await watch({ target: service.url, rate: 'http_requests_total' }).one();
  expect(first.value).toBeNull();
  expect(first.warnings).toEqual([containing('scraped only once')]);
});

test('a rate is the increase per second between the first and the last scrape of the window', async () => {
  await using service = await startTarget(requests({ 200: 100, 500: 7 }));
  const metric = watch({ target: `${service.url}/metrics`, rate: 'http_requests_total' });
  await metric.sample();
  metric.pass(30_000);
  service.shows(requests({ 200: 115, 500: 8 }));
  await metric.sample();
  metric.pass(30_000);
  service.shows(requests({ 200: 217, 500: 10 }));
  const { value, samples, query, raw } = await metric.one();
  expect(value).toBe(2);
  expect(samples).toBe(120);
  expect(query).toBe(`sum(rate(http_requests_total)) at ${service.url}/metrics`);
  expect(raw).toMatchObject({ result: { increase: 120 }, scraped: [{ target: `${service.url}/metrics`, scrapes: 3 }] });
});

test('a window as long as the interval includes the previous scrape, even when that was a moment early', async () => {
  await using service = await startTarget(requests({ 200: 100 }));
  const metric = watch({ target: service.url, rate: 'http_requests_total', window: 2000 });
  await metric.sample();
  metric.pass(2003);
  service.shows(requests({ 200: 120 }));
  expect((await metric.one()).samples).toBe(20);
});

test('a scrape without any metrics is a gap, and not a restart of every counter', async () => {
  await using service = await startTarget(requests({ 200: 1_000_000, 500: 7 }));
  const metric = watch({ target: service.url, rate: 'http_requests_total' });
  await metric.sample();
  metric.pass(1000);
  service.shows('');
  expect((await metric.one()).value).toBeNull();
  metric.pass(1000);
  service.shows(requests({ 200: 1_000_010, 500: 7 }));
  expect((await metric.one()).samples).toBe(10);
});

test('a scrape from before the weight change does not count', async () => {
  await using service = await startTarget(requests({ 200: 0, 500: 0 }));
  const metric = watch({ target: service.url, ratio: errorRatio });
  await metric.sample();
  metric.pass(1000);
  metric.changeWeight();
  service.shows(requests({ 200: 0, 500: 50 }));
  expect((await metric.one()).value).toBeNull();
  metric.pass(1000);
  service.shows(requests({ 200: 10, 500: 50 }));
  expect(await metric.one()).toMatchObject({ value: 0, samples: 10 });
});

test('`window` limits how far a rate looks back', async () => {
  await using service = await startTarget(requests({ 200: 0 }));
  const metric = watch({ target: service.url, rate: 'http_requests_total', window: 10_000 });
  for (const total of [0, 100, 110]) {
    service.shows(requests({ 200: total }));
    await metric.sample();
    metric.pass(10_000);
  }
  service.shows(requests({ 200: 130 }));
  expect((await metric.one()).value).toBe(2);
});

test('a service that restarts in the window is counted correctly', async () => {
  await using service = await startTarget(requests({ 200: 90, 500: 10 }));
  const metric = watch({ target: service.url, ratio: errorRatio });
  for (const shown of [requests({ 200: 90, 500: 10 }), requests({ 200: 100, 500: 10 }), requests({ 200: 40 })]) {
    service.shows(shown);
    await metric.sample();
    metric.pass(1000);
  }
  service.shows(requests({ 200: 45, 500: 5 }));
  expect(await metric.one()).toMatchObject({ value: 5 / 60, samples: 60 });
});

test('a counter that shows NaN has a value that is NaN, and no number of samples', async () => {
  for (const kind of [{ rate: 'x' }, { ratio: { of: 'x', to: 'x' } }]) {
    await using service = await startTarget('# TYPE x counter\nx NaN\n');
    const metric = watch({ target: service.url, ...kind });
    await metric.sample();
    metric.pass(1000);
    const { value, samples } = await metric.one();
    expect([value, samples]).toEqual([Number.NaN, undefined]);
  }
});

describe('the ratio of prometheus.scrape', () => {
  test('a ratio counts the first error of a service, although its series is new', async () => {
    await using service = await startTarget(requests({ 200: 10 }));
    const metric = watch({ target: service.url, ratio: errorRatio });
    await metric.sample();
    metric.pass(1000);
    service.shows(requests({ 200: 13, 500: 1 }));
    expect(await metric.one()).toMatchObject({ value: 0.25, samples: 4 });
  });

  test('a ratio is 0 when there were requests and no errors', async () => {
    await using service = await startTarget(requests({ 200: 10 }));
    const metric = watch({ target: service.url, ratio: errorRatio });
    await metric.sample();
    metric.pass(1000);
    service.shows(requests({ 200: 30 }));
    expect(await metric.one()).toMatchObject({ value: 0, samples: 20, warnings: [] });
  });

  test('a ratio has no data without requests, rather than 0', async () => {
    await using service = await startTarget(requests({ 200: 10 }));
    const metric = watch({ target: service.url, ratio: errorRatio });
    await metric.sample();
    metric.pass(1000);
    expect(await metric.one()).toMatchObject({
      value: null,
      samples: 0,
      warnings: ['http_requests_total did not increase in this window.'],
    });
  });

  test.each([
    [
      'a misspelt metric',
      { of: 'htp_requests_total{code=~"5.."}', to: 'http_requests_total' },
      'has no metric named htp_requests_total',
    ],
    [
      'a misspelt label',
      { of: 'http_requests_total{status=~"5.."}', to: 'http_requests_total' },
      'no series of http_requests_total with a label status',
    ],
  ])('%s in the numerator is no data, rather than 0 errors', async (_, ratio, why) => {
    await using service = await startTarget(requests({ 200: 10 }));
    const metric = watch({ target: service.url, ratio });
    await metric.sample();
    metric.pass(1000);
    service.shows(requests({ 200: 30 }));
    expect(await metric.one()).toMatchObject({ value: null, warnings: [containing(why)] });
  });
});

test('a gauge has no rate, because each decrease would look like a restart', async () => {
  await using service = await startTarget('# TYPE temperature gauge\ntemperature 20\n');
  await expect(watch({ target: service.url, rate: 'temperature' }).sample()).rejects.toMatchObject({
    code: 'PROMETHEUS_NOT_A_COUNTER',
    hint: containing('value: temperature'),
  });
});

describe('the quantile of prometheus.scrape', () => {
  const name = 'latency_seconds';

  test('a quantile covers the requests of the window, not all since the start', async () => {
    await using service = await startTarget(histogram(name, { 0.1: 1000, 0.5: 1000, '+Inf': 1000 }));
    const metric = watch({ target: service.url, quantile: 0.95, of: name });
    await metric.sample();
    metric.pass(1000);
    service.shows(histogram(name, { 0.1: 1000, 0.5: 1020, '+Inf': 1020 }));
    const { value, samples } = await metric.one();
    expect(value).toBeCloseTo(0.1 + 0.4 * 0.95, 12);
    expect(samples).toBe(20);
  });

  test('a quantile covers all series of the histogram that match', async () => {
    await using service = await startTarget();
    const shown = (a: number, b: number) =>
      histogram(name, { 1: a, 2: a, '+Inf': a }, 'route="/a",') +
      histogram(name, { 1: 0, 2: b, '+Inf': b }, 'route="/b",').replace(/# TYPE.*\n/, '');
    const metric = watch({ target: service.url, quantile: 0.5, of: `${name}{route=~"/.*"}` });
    service.shows(shown(0, 0));
    await metric.sample();
    metric.pass(1000);
    service.shows(shown(5, 15));
    expect((await metric.one()).value).toBeCloseTo(1 + 5 / 15, 12);
  });

  test('a quantile has no data without requests', async () => {
    await using service = await startTarget(histogram(name, { 1: 7, '+Inf': 7 }));
    const metric = watch({ target: service.url, quantile: 0.5, of: name });
    await metric.sample();
    metric.pass(1000);
    expect(await metric.one()).toMatchObject({ value: null, samples: 0 });
  });

  test.each([
    ['PROMETHEUS_NOT_A_HISTOGRAM', histogram(name, { 1: 3, 2: 7 })],
    ['PROMETHEUS_NOT_A_HISTOGRAM', histogram(name, { 1: 3, fast: 7, '+Inf': 7 })],
    [
      'PROMETHEUS_BUCKETS_DIFFER',
      `${histogram(name, { 1: 3, '+Inf': 7 }, 'v="1",')}${histogram('x', { 2: 3, '+Inf': 7 }, 'v="2",').replaceAll('x_bucket', `${name}_bucket`)}`,
    ],
  ])('a histogram whose buckets are not usable is the error %s', async (code, shown) => {
    await using service = await startTarget(shown);
    const metric = watch({ target: service.url, quantile: 0.5, of: name });
    await metric.sample();
    metric.pass(1000);
    await expect(metric.sample()).rejects.toMatchObject({ code });
  });

  test('a quantile over two targets with different buckets is an error', async () => {
    await using a = await startTarget(histogram(name, { 1: 3, '+Inf': 7 }));
    await using b = await startTarget(histogram(name, { 2: 3, '+Inf': 7 }));
    const metric = watch({ targets: [a.url, b.url], quantile: 0.5, of: name });
    await metric.sample();
    metric.pass(1000);
    await expect(metric.sample()).rejects.toMatchObject({
      code: 'PROMETHEUS_BUCKETS_DIFFER',
      message: containing('1 Infinity and 2 Infinity'),
    });
  });
});
