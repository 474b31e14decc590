import { expect, test } from 'vitest';
import type { ReadContext } from 'relpipe/plugin';
import { needing } from '../../../test/support/servers.ts';
import { runCommand } from '../../../test/support/run-command.ts';
import { virtualContext } from '../../../test/support/virtual-context.ts';
import { kong } from '../src/kong.ts';
import type { KongConfig } from '../src/kong-config.ts';
import { StandInNode } from './stand-in/kong-node.ts';

const sides = { '10.0.0.1:80': 54_000, '10.0.0.2:80': 6000 };
const given = (candidate: number) => ({ '10.0.0.1:80': 100 - candidate, '10.0.0.2:80': candidate });
const open = (config: KongConfig, context: ReadContext = virtualContext()) => kong.open(config, context);

test('an upstream that Kong does not have is said with those it has, in both ways', async () => {
  await using node = new StandInNode(sides);
  await using dbLess = new StandInNode(sides, { database: false });
  const routers = [await open({ admin: await node.start(), upstream: 'shoop' }), await open({ nodes: [await dbLess.start()], upstream: 'shoop' })];

  for (const router of routers) await expect(router.read()).rejects.toMatchObject({ code: 'KONG_UPSTREAM_UNKNOWN', hint: 'It has shop.' });
});

test('who takes a Kong without a database for one with it, or the other way round, is told which setting to use', async () => {
  await using node = new StandInNode(sides);
  await using dbLess = new StandInNode(sides, { database: false });

  await expect((await open({ admin: await dbLess.start(), upstream: 'shop' })).read()).rejects.toMatchObject({ code: 'KONG_WITHOUT_DATABASE' });
  await expect((await open({ nodes: [await node.start()], upstream: 'shop' })).read()).rejects.toMatchObject({ code: 'KONG_WITH_DATABASE' });
});

test('the token is sent, and a missing one is said', async () => {
  await using node = new StandInNode(sides, { token: 'let-me-in' });
  const admin = await node.start();
  const token = { secret: 'KONG', reveal: () => 'let-me-in' };

  expect((await (await open({ admin, upstream: 'shop', token })).read()).weights).toEqual(given(10));
  await expect((await open({ admin, upstream: 'shop' })).read()).rejects.toMatchObject({ code: 'KONG_REFUSED' });
});

test('an error of Kong itself may pass, and an address of something else does not', async () => {
  await using node = new StandInNode(sides);
  const admin = await node.start();
  node.failures.push(503);
  await expect((await open({ admin, upstream: 'shop' })).read()).rejects.toMatchObject({ code: 'KONG_IN_TROUBLE', retryable: true });
  node.failures.push(418);
  await expect((await open({ admin, upstream: 'shop' })).read()).rejects.toMatchObject({ code: 'KONG_UNREADABLE', retryable: false });
});

test('a change that fails after its first target is read as interrupted, and the next one finishes it', async () => {
  await using node = new StandInNode(sides);
  const router = await open({ admin: await node.start(), upstream: 'shop', settle: 0 });
  node.beforeChange = () => node.failures.push(500);
  await expect(router.write(given(40), await router.read())).rejects.toMatchObject({ code: 'KONG_IN_TROUBLE' });
  node.beforeChange = () => undefined;

  const { weights, orElse } = await router.read();
  expect([weights, orElse]).toEqual(expect.arrayContaining([given(10), given(40)]));
  expect(await router.write(given(40), await router.read())).toMatchObject({ weights: given(40) });
});

test('nodes that differ are a change that was interrupted, until the next one settles it', async () => {
  await using first = new StandInNode(sides, { database: false });
  await using second = new StandInNode(sides, { database: false });
  const router = await open({ nodes: [await first.start(), await second.start()], upstream: 'shop', settle: 0 });
  second.set({ '10.0.0.1:80': 100, '10.0.0.2:80': 0 });

  expect(await router.read()).toMatchObject({ weights: given(10), orElse: given(0) });
  const now = await router.write(given(10), await router.read());
  expect(now).toMatchObject({ weights: given(10) });
  expect(now.orElse).toBeUndefined();
});

test('somebody who changes the weights while Kong takes them up is noticed', async () => {
  await using node = new StandInNode(sides);
  const context = virtualContext();
  const clock = { ...context.clock, sleep: async () => node.set({ '10.0.0.1:80': 1, '10.0.0.2:80': 1 }) };
  const router = await open({ admin: await node.start(), upstream: 'shop' }, { ...context, clock });

  await expect(router.write(given(40), await router.read())).rejects.toMatchObject({ code: 'TRAFFIC_DRIFT' });
});

test('what a person can type gives the weights, with a token of their own', needing('curl'), async () => {
  await using node = new StandInNode(sides, { token: 'let-me-in' });
  const token = { secret: 'KONG', reveal: () => 'let-me-in' };
  const router = await open({ admin: await node.start(), upstream: 'shop', token });

  const byHand = router.byHand?.(given(5)) ?? '';

  expect(byHand).not.toContain('let-me-in');
  await runCommand('sh', ['-c', byHand], { env: { KONG_ADMIN_TOKEN: 'let-me-in' } });
  expect(await router.read()).toMatchObject({ weights: given(5) });
});

test('DB-less a person saves the configuration of each node, writes the weights into it, and loads it', async () => {
  const router = await open({ nodes: ['http://10.0.0.8:8001', 'http://10.0.0.9:8001/'], upstream: 'shop' });

  const ofNode = (url: string) =>
    `\`curl -gfsS ${url}/config | jq -r .config > kong.yml\`, weight: 57000 at the target 10.0.0.1:80 and weight: 3000 at the target 10.0.0.2:80 of the upstream shop in kong.yml, \`curl -gfsS -F config=@kong.yml ${url}/config\``;
  expect(router.byHand?.(given(5))).toBe(`${ofNode('http://10.0.0.8:8001')}; then ${ofNode('http://10.0.0.9:8001')}`);
});

test('it waits as long as Kong may take before it reads the weights back', async () => {
  await using node = new StandInNode(sides);
  const context = virtualContext();
  const router = await open({ admin: await node.start(), upstream: 'shop' }, context);
  const before = context.clock.now();

  await router.write(given(40), await router.read());

  expect(context.clock.now() - before).toBe(10_000);
});
