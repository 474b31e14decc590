import { virtualContext } from '@relpipe/testing/step-context';
import { expect, test } from 'vitest';
import type { AlertRule } from '../../src/no-alerts/alert-rules.ts';
import { noAlerts } from '../../src/no-alerts/no-alerts.ts';
import { badData, startPrometheus, type Answer } from '../support/prometheus.ts';

const t0 = 1_800_000_000_000;
const up: [Record<string, string>, string] = [{}, '0'];
const high: [Record<string, string>, string] = [{ alertname: 'High' }, '2'];
const working: AlertRule = { name: 'High', labels: { team: 'shop', pod: '{{ $labels.pod }}' }, health: 'ok' };

/** What is measured on a server with these rules and this response to the query. */
async function measured(rules: AlertRule[], found: [Record<string, string>, string][], matchers: string[] = []) {
  const series = found.map(([metric, value]) => ({ metric, value: [t0 / 1000, value] }));
  await using server = await startPrometheus(({ path }): Answer =>
    path.endsWith('/rules') ? { data: { groups: [{ rules }] } } : { data: { resultType: 'vector', result: series } },
  );
  const request = { window: { from: t0 - 60_000, to: t0 }, at: [t0] };
  const [one] = await noAlerts.measure({ server: server.url, ...(matchers.length > 0 && { matchers }) }, request, virtualContext());
  return one;
}

test('firing alerts are counted, whatever rules are loaded now', async () => {
  expect(await measured([working], [high, up])).toMatchObject({ value: 2 });
  expect(await measured([], [high, up])).toMatchObject({ value: 2 });
});

test.each<[string, AlertRule[], string[], number | null]>([
  ['a rule that works', [working], [], 0],
  ['no rule', [], [], null],
  ['a rule of another name', [working], ['alertname="Low"'], null],
  ['a rule with another label', [working], ['team="store"'], null],
  ['a rule whose label comes from a template', [working], ['pod="a"'], 0],
  ['a rule whose label may come from its series', [working], ['zone="a"'], 0],
  ['a rule that was never evaluated', [{ ...working, health: 'unknown' }], [], null],
  ['a rule that cannot be evaluated', [{ ...working, health: 'err', lastError: 'many-to-many' }], [], null],
  ['a broken rule that does not match', [working, { name: 'Low', health: 'err' }], ['alertname="High"'], 0],
])('with %s, no firing alert is %j', async (_, rules, matchers, value) => {
  expect(await measured(rules, [up], matchers)).toMatchObject({ value });
});

test('a partial answer of the server is passed on', async () => {
  await using server = await startPrometheus(({ path }): Answer =>
    path.endsWith('/rules')
      ? { data: { groups: [{ rules: [working] }] } }
      : { data: { resultType: 'vector', result: [{ metric: {}, value: [t0 / 1000, '0'] }] }, warnings: ['one store is away'] },
  );
  const request = { window: { from: t0 - 60_000, to: t0 }, at: [t0] };
  expect(await noAlerts.measure({ server: server.url }, request, virtualContext())).toMatchObject([{ value: 0, partial: 'one store is away' }]);
});

test('a time at which the server scraped nothing has no data', async () => {
  expect(await measured([working], [])).toMatchObject({ value: null, warnings: [expect.stringContaining('scraped nothing')] });
});

test('rules that cannot be read are an error, rather than no alerts', async () => {
  await using server = await startPrometheus(() => badData('no'));
  const request = { window: { from: t0 - 60_000, to: t0 }, at: [t0] };
  await expect(noAlerts.measure({ server: server.url }, request, virtualContext())).rejects.toMatchObject({ code: 'PROMETHEUS_RULES_UNREADABLE' });
});
