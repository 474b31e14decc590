import { needing } from '@relpipe/testing/real-servers';
import { realClock, virtualContext } from '@relpipe/testing/step-context';
import { waitUntil } from '@relpipe/testing/wait-until';
import { describe, test } from 'vitest';
import { noAlerts } from '../../src/no-alerts/no-alerts.ts';
import { startPrometheusOfOwn } from '../support/own-prometheus.ts';

const needsServer = needing('prometheus');

const measure = (server: string, matchers?: readonly string[], at: readonly number[] = [Date.now()]) => {
  const request = { window: { from: Date.now() - 60_000, to: Date.now() }, at };
  return noAlerts.measure({ server, ...(matchers && { matchers: [...matchers] }) }, request, virtualContext({ clock: realClock }));
};

const rules = `groups:
  - name: probes
    rules:
      - { alert: AlwaysA, expr: vector(1), labels: { team: shop } }
      - { alert: AlwaysB, expr: 'label_replace(vector(1), "pod", "b", "", "")', labels: { team: shop } }
      - { alert: Never, expr: vector(0) > 1, labels: { team: store } }
`;
/** Many-to-many matching, which fails only when it is evaluated. */
const brokenRule = `  - name: broken
    rules: [{ alert: Broken, expr: 'up / on () group_left () {__name__=~"up|scrape_duration_seconds"}' }]
`;

/** Every rule has been evaluated, and the server has scraped itself. */
async function startEvaluating(given: string) {
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
  test('prometheus.no-alerts counts the firing alerts, all of them or those that match, and names them', needsServer, async ({ expect }) => {
    await using server = await startEvaluating(rules);
    const [all] = await measure(server.url);
    expect(all).toMatchObject({ value: 2 });
    expect(JSON.stringify(all?.raw)).toMatch(/AlwaysA.*AlwaysB/);
    expect(await measure(server.url, ['pod="b"'])).toMatchObject([{ value: 1 }]);
    expect(await measure(server.url, ['team!="shop"'])).toMatchObject([{ value: 0, warnings: [] }]);
  });

  test('prometheus.no-alerts is 0 only where a rule is watching, and a misspelt name has no data', needsServer, async ({ expect }) => {
    await using server = await startEvaluating(rules);
    expect(await measure(server.url, ['alertname="Never"'])).toMatchObject([{ value: 0 }]);
    expect(await measure(server.url, ['alertname="Nevver"'])).toMatchObject([
      { value: null, warnings: ['No alerting rule of the server creates alerts that match.'] },
    ]);
  });

  test('prometheus.no-alerts has no data where there are no rules at all', needsServer, async ({ expect }) => {
    await using server = await startEvaluating('groups: []');
    expect(await measure(server.url)).toMatchObject([{ value: null, warnings: [expect.stringContaining('has no alerting rules') as string] }]);
  });

  test('prometheus.no-alerts has no data for a time at which the server did not run', needsServer, async ({ expect }) => {
    await using server = await startEvaluating(rules);
    const now = Date.now();
    const found = await measure(server.url, ['team="store"'], [now - 900_000, now]);
    expect(found).toMatchObject([{ at: now - 900_000, value: null }, { at: now, value: 0 }]);
  });

  test('prometheus.no-alerts has no data while a matching rule cannot be evaluated, but still counts firing alerts', needsServer, async ({ expect }) => {
    await using server = await startEvaluating(`${rules}${brokenRule}`);
    await waitUntil(async () => (await measure(server.url, ['alertname="Broken"']))[0]?.warnings.some((text) => text.includes('cannot be evaluated')) === true);
    expect(await measure(server.url, ['alertname=~"Broken|Never"'])).toMatchObject([{ value: null }]);
    expect(await measure(server.url)).toMatchObject([{ value: 2 }]);
  });

  test('prometheus.no-alerts is checked before the run', needsServer, async ({ expect }) => {
    await using server = await startEvaluating(rules);
    const verify = async (matchers: string[]) => noAlerts.verify?.({ server: server.url, matchers }, virtualContext({ clock: realClock }), { unit: 'count' });
    expect(await verify(['team="store"'])).toEqual([]);
    expect(await verify(['alertname="Nevver"'])).toMatchObject([{ level: 'warning', code: 'PROMETHEUS_NO_RULES' }]);
    expect(await verify(['team'])).toMatchObject([{ level: 'error', code: 'PROMETHEUS_MATCHER_INVALID' }]);
  });
});
