import { needing } from '@relpipe/testing/real-servers';
import { runCommand } from '@relpipe/testing/run-command';
import { virtualContext } from '@relpipe/testing/step-context';
import type { ReadContext } from 'relpipe/plugin';
import { expect, test } from 'vitest';
import { kong, type KongConfig } from '../src/kong.ts';
import { StandInNode } from './stand-in/kong-node.ts';

const sides = { '10.0.0.1:80': 54_000, '10.0.0.2:80': 6000 };
const given = (candidate: number) => ({ '10.0.0.1:80': 100 - candidate, '10.0.0.2:80': candidate });
const open = (config: KongConfig, context: ReadContext = virtualContext()) => kong.open(config, context);

test('an unknown upstream is reported with a list of the upstreams, with a database and without', async () => {
  await using node = new StandInNode(sides);
  await using dbLess = new StandInNode(sides, { database: false });
  const routers = [await open({ admin: await node.start(), upstream: 'shoop' }), await open({ nodes: [await dbLess.start()], upstream: 'shoop' })];

  for (const router of routers) await expect(router.read()).rejects.toMatchObject({ code: 'KONG_UPSTREAM_UNKNOWN', hint: 'Use one of its upstreams: shop.' });
});

test('admin for a Kong without a database, and nodes for one with a database, are refused with the right setting', async () => {
  await using node = new StandInNode(sides);
  await using dbLess = new StandInNode(sides, { database: false });

  await expect((await open({ admin: await dbLess.start(), upstream: 'shop' })).read()).rejects.toMatchObject({ code: 'KONG_WITHOUT_DATABASE' });
  await expect((await open({ nodes: [await node.start()], upstream: 'shop' })).read()).rejects.toMatchObject({ code: 'KONG_WITH_DATABASE' });
});

test('a target that the health checks of Kong have taken out is down, with a database and without', async () => {
  await using node = new StandInNode(sides);
  await using dbLess = new StandInNode(sides, { database: false });
  await using other = new StandInNode(sides, { database: false });
  for (const one of [node, dbLess]) one.health = { '10.0.0.1:80': 'HEALTHY', '10.0.0.2:80': 'UNHEALTHY' };
  const read = async (config: Partial<KongConfig>) => (await (await open({ ...config, upstream: 'shop' })).read()).sides.map(({ down }) => down);
  const [admin, first, second] = [await node.start(), await dbLess.start(), await other.start()];

  expect(await read({ admin })).toEqual([undefined, 'UNHEALTHY']);
  expect(await read({ nodes: [first] })).toEqual([undefined, 'UNHEALTHY']);
  expect(await read({ nodes: [first, second] })).toEqual([undefined, undefined]);
});

test('an upstream of Kong that has a target twice is refused, because its weights would be read wrong', async () => {
  await using node = new StandInNode(sides);
  await using dbLess = new StandInNode(sides, { database: false });
  for (const one of [node, dbLess]) one.targets = [...one.targets, { ...one.targets[1]!, weight: 5 }];

  for (const config of [{ admin: await node.start() }, { nodes: [await dbLess.start()] }]) {
    await expect((await open({ ...config, upstream: 'shop' })).read()).rejects.toMatchObject({ code: 'KONG_TARGET_DUPLICATE' });
  }
});

test('the token is sent to Kong, and a missing token is reported', async () => {
  await using node = new StandInNode(sides, { token: 'let-me-in' });
  const admin = await node.start();
  const token = { secret: 'KONG', reveal: () => 'let-me-in' };

  expect((await (await open({ admin, upstream: 'shop', token })).read()).weights).toEqual(given(10));
  await expect((await open({ admin, upstream: 'shop' })).read()).rejects.toMatchObject({ code: 'KONG_REFUSED' });
});

test('an error of Kong itself is retryable, and an address of another program is not', async () => {
  await using node = new StandInNode(sides);
  const admin = await node.start();
  node.failures.push(503);
  await expect((await open({ admin, upstream: 'shop' })).read()).rejects.toMatchObject({ code: 'KONG_SERVER_ERROR', retryable: true });
  node.failures.push(418);
  await expect((await open({ admin, upstream: 'shop' })).read()).rejects.toMatchObject({ code: 'KONG_UNREADABLE', retryable: false });
});

test('a change of Kong that fails after its first target is read as interrupted, and the next change completes it', async () => {
  await using node = new StandInNode(sides);
  const router = await open({ admin: await node.start(), upstream: 'shop', settle: 0 });
  node.beforeChange = () => node.failures.push(500);
  await expect(router.write(given(40), await router.read())).rejects.toMatchObject({ code: 'KONG_SERVER_ERROR' });
  node.beforeChange = () => undefined;

  const { weights, possibleWeights } = await router.read();
  expect([weights, possibleWeights]).toEqual(expect.arrayContaining([given(10), given(40)]));
  expect(await router.write(given(40), await router.read())).toMatchObject({ weights: given(40) });
});

test('nodes of Kong that differ are read as an interrupted change, and the next change completes it', async () => {
  await using first = new StandInNode(sides, { database: false });
  await using second = new StandInNode(sides, { database: false });
  const router = await open({ nodes: [await first.start(), await second.start()], upstream: 'shop', settle: 0 });
  second.set({ '10.0.0.1:80': 100, '10.0.0.2:80': 0 });

  expect(await router.read()).toMatchObject({ weights: given(10), possibleWeights: given(0) });
  const now = await router.write(given(10), await router.read());
  expect(now).toMatchObject({ weights: given(10) });
  expect(now.possibleWeights).toBeUndefined();
});

test('a change by somebody else while Kong applies the weights is detected', async () => {
  await using node = new StandInNode(sides);
  const context = virtualContext();
  const clock = { ...context.clock, sleep: async () => node.set({ '10.0.0.1:80': 1, '10.0.0.2:80': 1 }) };
  const router = await open({ admin: await node.start(), upstream: 'shop' }, { ...context, clock });

  await expect(router.write(given(40), await router.read())).rejects.toMatchObject({ code: 'TRAFFIC_DRIFT' });
});

test('the command for a manual rollback sets the weights in Kong, with a token from the environment', needing('curl'), async () => {
  await using node = new StandInNode(sides, { token: 'let-me-in' });
  const token = { secret: 'KONG', reveal: () => 'let-me-in' };
  const router = await open({ admin: await node.start(), upstream: 'shop', token });

  const manualCommand = router.manualCommand?.(given(5)) ?? '';

  expect(manualCommand).not.toContain('let-me-in');
  await runCommand('sh', ['-c', manualCommand], { env: { KONG_ADMIN_TOKEN: 'let-me-in' } });
  expect(await router.read()).toMatchObject({ weights: given(5) });
});

test('the manual rollback without a database saves the configuration of each node, edits it, and loads it', async () => {
  const router = await open({ nodes: ['http://10.0.0.8:8001', 'http://10.0.0.9:8001/'], upstream: 'shop' });

  const ofNode = (url: string) =>
    `\`curl -gfsS ${url}/config | jq -r .config > kong.yml\`, weight: 57000 at the target 10.0.0.1:80 and weight: 3000 at the target 10.0.0.2:80 of the upstream shop in kong.yml, \`curl -gfsS -F config=@kong.yml ${url}/config\``;
  expect(router.manualCommand?.(given(5))).toBe(`${ofNode('http://10.0.0.8:8001')}; then ${ofNode('http://10.0.0.9:8001')}`);
});

test('a change waits until Kong has applied the weights before it reads them back', async () => {
  await using node = new StandInNode(sides);
  const context = virtualContext();
  const router = await open({ admin: await node.start(), upstream: 'shop' }, context);
  const before = context.clock.now();

  await router.write(given(40), await router.read());

  expect(context.clock.now() - before).toBe(10_000);
});
