import { givenServer, needing } from '@relpipe/testing/real-servers';
import { expect, test } from 'vitest';

test('Alertmanager accepts a silence and expires it', needing('alertmanager'), async () => {
  const { url } = givenServer('alertmanager');
  const silence = {
    matchers: [{ name: 'alertname', value: 'Probe', isRegex: false, isEqual: true }],
    startsAt: new Date().toISOString(),
    endsAt: new Date(Date.now() + 60_000).toISOString(),
    createdBy: 'a test',
    comment: 'while a release is tested',
  };
  const headers = { 'content-type': 'application/json' };
  const taken = await fetch(`${url}/api/v2/silences`, { method: 'POST', headers, body: JSON.stringify(silence) });
  const { silenceID } = (await taken.json()) as { silenceID: string };
  const read = async (): Promise<unknown> => (await fetch(`${url}/api/v2/silence/${silenceID}`)).json();

  expect(await read()).toMatchObject({ createdBy: 'a test', status: { state: 'active' } });
  await fetch(`${url}/api/v2/silence/${silenceID}`, { method: 'DELETE' });
  expect(await read()).toMatchObject({ status: { state: 'expired' } });
});
