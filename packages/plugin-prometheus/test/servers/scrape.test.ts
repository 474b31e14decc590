import { givenServer, needing } from '@relpipe/testing/real-servers';
import { virtualContext } from '@relpipe/testing/step-context';
import { describe, test } from 'vitest';
import type { Measurement } from 'relpipe/plugin';
import { scrape, type ScrapeConfig } from '../../src/scrape/scrape.ts';

const needsServer = needing('prometheus');

/** Samples the server's own metrics twice, with a request to it in between; returns the second measurement. */
async function sampleTwice(expression: Omit<ScrapeConfig, 'target'>): Promise<Measurement | undefined> {
  const { url } = givenServer('prometheus');
  const context = virtualContext({ clock: { now: () => Date.now(), sleep: async () => undefined } });
  const from = Date.now();
  const sample = () => scrape.measure({ target: url, ...expression }, { window: { from, to: Date.now() }, at: [Date.now()] }, context);
  await sample();
  await fetch(`${url}/api/v1/query?query=up`);
  return (await sample())[0];
}

describe.concurrent("prometheus.scrape with the metrics of a Go program, Prometheus itself", () => {
  test('a gauge of a Go program has a current value', needsServer, async ({ expect }) => {
    expect((await sampleTwice({ value: 'process_start_time_seconds' }))?.value).toBeGreaterThan(1_600_000_000);
  });

  test('a counter of a Go program has a rate', needsServer, async ({ expect }) => {
    const found = await sampleTwice({ rate: 'prometheus_http_requests_total{handler="/api/v1/query",code="200"}' });
    expect(found).toMatchObject({ value: expect.any(Number) as number, warnings: [] });
    expect(found?.samples).toBeGreaterThanOrEqual(1);
  });

  test('counters of a Go program have a ratio, which is 0 without errors', needsServer, async ({ expect }) => {
    const all = 'prometheus_http_requests_total{handler="/api/v1/query"}';
    expect(await sampleTwice({ ratio: { of: 'prometheus_http_requests_total{handler="/api/v1/query",code="500"}', to: all } })).toMatchObject({ value: 0 });
  });

  test('a histogram of a Go program has quantiles', needsServer, async ({ expect }) => {
    const found = await sampleTwice({ quantile: 0.5, of: 'prometheus_http_request_duration_seconds{handler="/api/v1/query"}' });
    expect(found?.value).toBeGreaterThan(0);
    expect(found?.value).toBeLessThan(60);
  });
});
