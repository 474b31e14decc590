import { containing } from '@relpipe/testing/matchers';
import { virtualContext } from '@relpipe/testing/step-context';
import { expect, test } from 'vitest';
import { scrape, type ScrapeConfig } from '../../src/scrape/scrape.ts';
import { requests, startTarget } from '../support/target.ts';

const verify = (config: Parameters<NonNullable<typeof scrape.verify>>[0]) => scrape.verify?.(config, virtualContext());

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
