import { Agent, request } from 'node:http';
import { expect, test } from 'vitest';
import { startServer } from '../support/http-servers.ts';
import { startTestRouter } from '../support/test-router.ts';

const named = (name: string) => startServer((incoming, outgoing) => void incoming.resume().on('end', () => outgoing.end(name)));

/** One request on a kept connection. @returns the name of the side that answered, or what went wrong */
function ask(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve) => {
    const asked = request(url, { agent, method: 'POST' }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () => resolve(answer.statusCode === 200 ? text : `status ${answer.statusCode}`));
      answer.on('error', (error) => resolve(error.message));
    });
    asked.on('error', (error) => resolve(error.message));
    asked.end('some body');
  });
}

test('requests are divided by the weights, also in short windows', async () => {
  const sides = { stable: (await named('stable')).url, candidate: (await named('candidate')).url };
  const router = await startTestRouter(sides, { weights: { stable: 90, candidate: 10 } });
  const agent = new Agent({ keepAlive: true });
  for (let window = 0; window < 5; window += 1) {
    const answers = [];
    for (let i = 0; i < 20; i += 1) answers.push(await ask(router.url, agent));
    expect(answers.filter((answer) => answer === 'candidate')).toHaveLength(2);
  }
  agent.destroy();
});

test('no request is dropped during fifty weight changes under load, and the figures add up', async () => {
  const router = await startTestRouter({ stable: (await named('stable')).url, candidate: (await named('candidate')).url });
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const answers: string[] = [];
  let isOver = false;
  const load = Array.from({ length: 8 }, async () => {
    while (!isOver) answers.push(await ask(router.url, agent));
  });
  for (let change = 1; change <= 50; change += 1) {
    await router.client.setWeights({ stable: 100 - change * 2, candidate: change * 2 }, { expectedGeneration: change });
    const seen = answers.length;
    while (answers.length < seen + 5) await new Promise((resolve) => setImmediate(resolve));
  }
  isOver = true;
  await Promise.all(load);
  agent.destroy();

  const { sides, generation } = await router.client.readStatus();
  const count = (name: string) => answers.filter((answer) => answer === name).length;
  expect(answers.filter((answer) => answer !== 'stable' && answer !== 'candidate')).toEqual([]);
  expect(generation).toBe(51);
  expect(sides).toMatchObject({
    stable: { weight: 0, inFlight: 0, sinceStart: { byCode: { 200: count('stable') } }, sinceWeightChange: { assigned: 0 } },
    candidate: { weight: 100, inFlight: 0, sinceStart: { byCode: { 200: count('candidate') } } },
  });
});

test('a request in flight ends on its side after the weight of that side became 0', async () => {
  const arrived = Promise.withResolvers<undefined>();
  const goOn = Promise.withResolvers<undefined>();
  const slow = await startServer((_incoming, outgoing) => {
    arrived.resolve(undefined);
    void goOn.promise.then(() => outgoing.end('slow'));
  });
  const router = await startTestRouter({ stable: slow.url, candidate: (await named('candidate')).url });
  const agent = new Agent();
  const inFlight = ask(router.url, agent);
  await arrived.promise;
  await router.client.setWeights({ stable: 0, candidate: 100 });
  expect(await ask(router.url, agent)).toBe('candidate');
  expect(await router.client.drain('stable', 20)).toEqual({ side: 'stable', isDrained: false, inFlight: 1 });
  const drained = router.client.drain('stable', 10_000);
  goOn.resolve(undefined);
  expect(await inFlight).toBe('slow');
  expect(await drained).toEqual({ side: 'stable', isDrained: true, inFlight: 0 });
});
