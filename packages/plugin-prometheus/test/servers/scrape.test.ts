import { describe, test } from 'vitest';
import type { Measurement } from 'relpipe/plugin';
import { givenServer, needing } from '../../../../test/support/servers.ts';
import { virtualContext } from '../../../../test/support/virtual-context.ts';
import { scrape, type ScrapeConfig } from '../../src/scrape/scrape.ts';

const needsServer = needing('prometheus');

/** Two looks at the server's own metrics, with a request to it in between; gives the second. */
async function lookTwice(question: Omit<ScrapeConfig, 'target'>): Promise<Measurement | undefined> {
  const { url } = givenServer('prometheus');
  const context = virtualContext({ clock: { now: () => Date.now(), sleep: async () => undefined } });
  const from = Date.now();
  const look = () => scrape.measure({ target: url, ...question }, { window: { from, to: Date.now() }, at: [Date.now()] }, context);
  await look();
  await fetch(`${url}/api/v1/query?query=up`);
  return (await look())[0];
}

describe.concurrent("the metrics that a Go program shows of itself: Prometheus' own", () => {
  test('have present values', needsServer, async ({ expect }) => {
    expect((await lookTwice({ value: 'process_start_time_seconds' }))?.value).toBeGreaterThan(1_600_000_000);
  });

  test('have a rate', needsServer, async ({ expect }) => {
    const found = await lookTwice({ rate: 'prometheus_http_requests_total{handler="/api/v1/query",code="200"}' });
    expect(found).toMatchObject({ value: expect.any(Number) as number, warnings: [] });
    expect(found?.samples).toBeGreaterThanOrEqual(1);
  });

  test('have a ratio, and no errors are 0', needsServer, async ({ expect }) => {
    const all = 'prometheus_http_requests_total{handler="/api/v1/query"}';
    expect(await lookTwice({ ratio: { of: 'prometheus_http_requests_total{handler="/api/v1/query",code="500"}', to: all } })).toMatchObject({ value: 0 });
  });

  test('have quantiles', needsServer, async ({ expect }) => {
    const found = await lookTwice({ quantile: 0.5, of: 'prometheus_http_request_duration_seconds{handler="/api/v1/query"}' });
    expect(found?.value).toBeGreaterThan(0);
    expect(found?.value).toBeLessThan(60);
  });
});
