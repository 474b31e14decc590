import { givenServer, needing } from '@relpipe/testing/real-servers';
import { waitUntil } from '@relpipe/testing/wait-until';
import { expect, test } from 'vitest';

async function query(expression: string): Promise<readonly { metric: Record<string, string>; value: [number, string] }[]> {
  const { url } = givenServer('prometheus');
  const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: expression }).toString()}`);
  return ((await response.json()) as { data: { result: { metric: Record<string, string>; value: [number, string] }[] } }).data.result;
}

test('Prometheus scrapes itself and answers a query for the result', needing('prometheus'), async () => {
  await waitUntil(async () => (await query('up{job="prometheus"}')).length > 0);
  expect(await query('up{job="prometheus"}')).toMatchObject([{ value: [expect.any(Number), '1'] }]);
});

test('Prometheus scrapes the Pushgateway that runs beside it', needing('prometheus', 'pushgateway'), async () => {
  const name = `relpipe_probe_${Date.now()}`;
  const pushgateway = givenServer('pushgateway');
  const pushed = await fetch(`${pushgateway.url}/metrics/job/release`, { method: 'POST', body: `${name} 7\n` });
  expect(pushed.ok).toBe(true);

  await waitUntil(async () => (await query(name)).length > 0);

  expect(await query(name)).toMatchObject([{ metric: { job: 'release' }, value: [expect.any(Number), '7'] }]);
});

test('Prometheus sends alerts to the Alertmanager that runs beside it', needing('prometheus', 'alertmanager'), async () => {
  const [prometheus, alertmanager] = [givenServer('prometheus'), givenServer('alertmanager')];
  const active = async (): Promise<unknown> => {
    const answer = await (await fetch(`${prometheus.url}/api/v1/alertmanagers`)).json();
    return (answer as { data: { activeAlertmanagers: { url: string }[] } }).data.activeAlertmanagers.map(({ url }) => url);
  };
  await waitUntil(async () => JSON.stringify(await active()).includes(alertmanager.url));
  expect(await active()).toEqual([`${alertmanager.url}/api/v2/alerts`]);
});
