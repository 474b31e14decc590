import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import plugin from '../src/index.ts';
import { scrapeConfig } from '../src/scrape/scrape.ts';

test('the plugin has the metric types no-alerts, query and scrape', () => {
  expect(plugin).toMatchObject({ name: 'prometheus', contract: 1 });
  expect(Object.keys(plugin.metrics ?? {})).toEqual(['no-alerts', 'query', 'scrape']);
});

const target = 'http://127.0.0.1:9100';
test.each([
  [{ target, rate: 'a' }, true],
  [{ targets: [target], ratio: { of: 'a', to: 'b' }, window: '1m', timeout: '5s' }, true],
  [{ target, quantile: 0.95, of: 'a' }, true],
  [{ target, value: 'a' }, true],
  [{ rate: 'a' }, false],
  [{ target, targets: [target], rate: 'a' }, false],
  [{ target }, false],
  [{ target, rate: 'a', value: 'b' }, false],
  [{ target, quantile: 0.95 }, false],
  [{ target, quantile: 95, of: 'a' }, false],
  [{ target, rate: 'a', of: 'b' }, false],
  [{ target, rate: 'a', every: '1s' }, false],
])('whether `with: %j` fits the schema of prometheus.scrape is %s', (config, fits) => {
  expect(Value.Check(scrapeConfig, config)).toBe(fits);
});
