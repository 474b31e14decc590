import { givenServer, needing } from '@relpipe/testing/real-servers';
import { expect, test } from 'vitest';

test('the Pushgateway keeps a pushed metric until its group is deleted', needing('pushgateway'), async () => {
  const { url } = givenServer('pushgateway');
  const group = `${url}/metrics/job/probe/run/${Date.now()}`;
  const kept = async (): Promise<boolean> => (await (await fetch(`${url}/metrics`)).text()).includes(`run="${group.split('/').at(-1)}"`);

  await fetch(group, { method: 'PUT', body: 'relpipe_probe 1\n' });
  expect(await kept()).toBe(true);
  await fetch(group, { method: 'DELETE' });
  expect(await kept()).toBe(false);
});
