import { containing } from '@relpipe/testing/matchers';
import { virtualContext } from '@relpipe/testing/step-context';
import type { MetricUse } from 'relpipe/plugin';
import { expect, test } from 'vitest';
import { scrape, type ScrapeConfig } from '../../src/scrape/scrape.ts';
import { histogram, requests, startTarget } from '../support/target.ts';

const verify = (config: Parameters<NonNullable<typeof scrape.verify>>[0], use: MetricUse = { unit: 'none' }) =>
  scrape.verify?.(config, virtualContext(), use);

test('a scrape whose selectors match has no findings', async () => {
  await using service = await startTarget(requests({ 200: 1 }));
  expect(
    await verify({ target: service.url, ratio: { of: 'http_requests_total{code="500"}', to: 'http_requests_total' } }),
  ).toEqual([]);
});

test('a metric that the target does not have is a warning', async () => {
  await using service = await startTarget(requests({ 200: 1 }));
  expect(await verify({ target: service.url, rate: 'http_request_total' })).toMatchObject([
    {
      level: 'warning',
      code: 'PROMETHEUS_SELECTOR_NO_MATCH',
      message: `${service.url}/metrics has no metric named http_request_total.`,
    },
  ]);
});

test('a name of a family that has no series of that name is answered with the names of its series', async () => {
  await using service = await startTarget(histogram('http_seconds', { 1: 3, '+Inf': 3 }));
  expect(await verify({ target: service.url, rate: 'http_seconds' })).toMatchObject([
    { code: 'PROMETHEUS_SELECTOR_NO_MATCH', message: containing('it is a histogram, whose series are named http_seconds_bucket, http_seconds_count, http_seconds_sum.') },
  ]);
});

test.each([
  ['shows only its sum and count', '# TYPE s histogram\ns_sum 2\ns_count 7\n', 's has only its sum and count, like a native histogram'],
  ['has only its +Inf bucket', histogram('s', { '+Inf': 7 }), 's has only its +Inf bucket'],
  ['is a summary', '# TYPE s summary\ns{quantile="0.5"} 2\ns_sum 2\ns_count 7\n', 's is a summary'],
  ['is a counter', '# TYPE s counter\ns 2\n', 's is a counter'],
])('a quantile of what %s is an error, before the run and in each sample', async (_, metrics, why) => {
  await using service = await startTarget(metrics);
  const config = { target: service.url, quantile: 0.95, of: 's' };
  expect(await verify(config)).toMatchObject([{ level: 'error', code: 'PROMETHEUS_NOT_A_HISTOGRAM', message: containing(why) }]);
  const request = { window: { from: 0, to: 0 }, at: [0] };
  await expect(scrape.measure(config, request, virtualContext())).rejects.toMatchObject({ code: 'PROMETHEUS_NOT_A_HISTOGRAM' });
});

test('a histogram without any observation yet has no findings', async () => {
  await using service = await startTarget('# TYPE s histogram\n');
  expect(await verify({ target: service.url, quantile: 0.95, of: 's' })).toEqual([]);
});

test('a gauge with several series is an error without `reduce`, also when they come from several targets', async () => {
  await using a = await startTarget('queue{shard="1"} 1\nqueue{shard="2"} 2\n');
  await using b = await startTarget('queue{shard="1"} 3\n');
  const several = { level: 'error', code: 'PROMETHEUS_SEVERAL_SERIES' };
  expect(await verify({ target: a.url, value: 'queue' })).toMatchObject([{ ...several, message: containing('{shard="1"}, {shard="2"}') }]);
  expect(await verify({ targets: [a.url, b.url], value: 'queue{shard="1"}' })).toMatchObject([several]);
  expect(await verify({ target: a.url, value: 'queue' }, { unit: 'none', reduce: 'sum' })).toEqual([]);
  expect(await verify({ target: b.url, value: 'queue' }, { unit: 'ratio' })).toMatchObject([{ level: 'error', code: 'PROMETHEUS_NOT_A_RATIO' }]);
});

test('`min-samples` is refused for a gauge, which counts none', async () => {
  const use: MetricUse = { unit: 'none', minSamples: 20 };
  expect(await verify({ target: { $later: 'steps.start.outputs.url' }, value: 'up' }, use)).toMatchObject([
    { level: 'error', code: 'PROMETHEUS_SAMPLES_NOT_COUNTED' },
  ]);
});

test('a target that does not run yet is a warning, and the others are still checked', async () => {
  await using running = await startTarget('x 1\n');
  const dead = await startTarget();
  await dead[Symbol.asyncDispose]();
  const findings = await verify({ targets: [dead.url, running.url], value: 'y' });
  expect(findings?.map(({ level, code }) => [level, code])).toEqual([
    ['warning', 'PROMETHEUS_UNREACHABLE'],
    ['warning', 'PROMETHEUS_SELECTOR_NO_MATCH'],
  ]);
});

test('a configuration that depends on an earlier step is not checked, with a warning', async () => {
  expect(await verify({ target: { $later: 'steps.start.outputs.url' }, value: 'up' })).toMatchObject([
    { level: 'warning', code: 'PROMETHEUS_NOT_CHECKED' },
  ]);
});

const target = 'http://127.0.0.1:9';
const invalid: [string, ScrapeConfig, string][] = [
  ['PROMETHEUS_EXPRESSION_AMBIGUOUS', { target }, 'exactly one of `rate`, `ratio`, `quantile`'],
  ['PROMETHEUS_EXPRESSION_AMBIGUOUS', { target, rate: 'a', value: 'b' }, 'exactly one of'],
  ['PROMETHEUS_EXPRESSION_AMBIGUOUS', { target, quantile: 0.5 }, 'exactly one of'],
  ['PROMETHEUS_EXPRESSION_AMBIGUOUS', { target, rate: 'a', of: 'b' }, 'exactly one of'],
  [
    'PROMETHEUS_SELECTOR_INVALID',
    { target, rate: 'a{b=c}' },
    'The selector in `rate` is not valid at character 5: expected a value in quotes',
  ],
  [
    'PROMETHEUS_SELECTOR_INVALID',
    { target, ratio: { of: 'a', to: 'b[5m]' } },
    'The selector in `ratio.to` is not valid at character 2',
  ],
  ['PROMETHEUS_SELECTOR_INVALID', { target, quantile: 0.5, of: 'a_bucket' }, 'selects single buckets'],
  ['PROMETHEUS_SELECTOR_INVALID', { target, quantile: 0.5, of: 'a{le="1"}' }, 'selects single buckets'],
  ['PROMETHEUS_TARGETS_AMBIGUOUS', { value: 'up' }, 'either `target` or `targets`'],
  ['PROMETHEUS_TARGETS_AMBIGUOUS', { target, targets: [target], value: 'up' }, 'either `target` or `targets`'],
];
test.each(invalid)('%s is the error for %j', async (code, config, message) => {
  expect(await verify(config)).toMatchObject([{ level: 'error', code, message: containing(message) }]);
});
