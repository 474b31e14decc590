import { describe, test } from 'vitest';
import { needing } from '../../../../test/support/servers.ts';
import { realClock } from '../../../../test/support/real-clock.ts';
import { virtualContext } from '../../../../test/support/virtual-context.ts';
import { waitUntil } from '../../../../test/support/wait-until.ts';
import { noAlerts } from '../../src/no-alerts/no-alerts.ts';
import { startPrometheusOfOwn } from '../support/own-prometheus.ts';

const needsServer = needing('prometheus');

const measure = (server: string, matchers?: readonly string[], at: readonly number[] = [Date.now()]) => {
  const look = { window: { from: Date.now() - 60_000, to: Date.now() }, at };
  return noAlerts.measure({ server, ...(matchers && { matchers: [...matchers] }) }, look, virtualContext({ clock: realClock }));
};

const rules = `groups:
  - name: probes
    rules:
      - { alert: AlwaysA, expr: vector(1), labels: { team: shop } }
      - { alert: AlwaysB, expr: 'label_replace(vector(1), "pod", "b", "", "")', labels: { team: shop } }
      - { alert: Never, expr: vector(0) > 1, labels: { team: store } }
`;
/** Many series on both sides, which only shows when it is evaluated. */
const brokenRule = `  - name: broken
    rules: [{ alert: Broken, expr: 'up / on () group_left () {__name__=~"up|scrape_duration_seconds"}' }]
`;

/** Every rule has been evaluated, and the server has scraped itself. */
async function startJudging(given: string) {
  const server = await startPrometheusOfOwn({ rules: given });
  const ready = async (query: string): Promise<boolean> => {
    const response = await fetch(`${server.url}/api/v1/query?${new URLSearchParams({ query }).toString()}`);
    return ((await response.json()) as { data: { result: unknown[] } }).data.result.length > 0;
  };
  await waitUntil(() => ready('up'));
  if (given.includes('Always')) await waitUntil(() => ready('ALERTS{alertname="AlwaysB"}'));
  return server;
}

describe.concurrent('prometheus.no-alerts', () => {
  test('counts the alerts that fire, all of them or those that are meant, and says which', needsServer, async ({ expect }) => {
    await using server = await startJudging(rules);
    const [all] = await measure(server.url);
    expect(all).toMatchObject({ value: 2 });
    expect(JSON.stringify(all?.raw)).toMatch(/AlwaysA.*AlwaysB/);
    expect(await measure(server.url, ['pod="b"'])).toMatchObject([{ value: 1 }]);
    expect(await measure(server.url, ['team!="shop"'])).toMatchObject([{ value: 0, warnings: [] }]);
  });

  test('is 0 only where a rule watches: a misspelt name has no data', needsServer, async ({ expect }) => {
    await using server = await startJudging(rules);
    expect(await measure(server.url, ['alertname="Never"'])).toMatchObject([{ value: 0 }]);
    expect(await measure(server.url, ['alertname="Nevver"'])).toMatchObject([
      { value: null, warnings: ['None of the alerting rules of the server makes such alerts.'] },
    ]);
  });

  test('has no data where there are no rules at all', needsServer, async ({ expect }) => {
    await using server = await startJudging('groups: []');
    expect(await measure(server.url)).toMatchObject([{ value: null, warnings: [expect.stringContaining('has no alerting rules') as string] }]);
  });

  test('has no data for a time at which the server was not there', needsServer, async ({ expect }) => {
    await using server = await startJudging(rules);
    const now = Date.now();
    const found = await measure(server.url, ['team="store"'], [now - 900_000, now]);
    expect(found).toMatchObject([{ at: now - 900_000, value: null }, { at: now, value: 0 }]);
  });

  test('has no data while a rule that is meant cannot be evaluated, but still counts what fires', needsServer, async ({ expect }) => {
    await using server = await startJudging(`${rules}${brokenRule}`);
    await waitUntil(async () => (await measure(server.url, ['alertname="Broken"']))[0]?.warnings.some((text) => text.includes('cannot be evaluated')) === true);
    expect(await measure(server.url, ['alertname=~"Broken|Never"'])).toMatchObject([{ value: null }]);
    expect(await measure(server.url)).toMatchObject([{ value: 2 }]);
  });

  test('is checked before the run', needsServer, async ({ expect }) => {
    await using server = await startJudging(rules);
    const verify = async (matchers: string[]) => noAlerts.verify?.({ server: server.url, matchers }, virtualContext({ clock: realClock }));
    expect(await verify(['team="store"'])).toEqual([]);
    expect(await verify(['alertname="Nevver"'])).toMatchObject([{ level: 'warning', code: 'PROMETHEUS_NO_RULES' }]);
    expect(await verify(['team'])).toMatchObject([{ level: 'error', code: 'PROMETHEUS_MATCHER_INVALID' }]);
  });
});
