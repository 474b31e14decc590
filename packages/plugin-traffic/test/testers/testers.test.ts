import { expect, test } from 'vitest';
import { containing } from '../../../../test/support/containing.ts';
import { virtualContext } from '../../../../test/support/virtual-context.ts';
import { connectRouter } from '../../src/router/connect-router.ts';
import { rollbackTesters } from '../../src/testers/rollback-testers.ts';
import { runNoTesters } from '../../src/testers/run-no-testers.ts';
import { runTesters } from '../../src/testers/run-testers.ts';
import type { TestersOutputs, TestersState } from '../../src/testers/testers-config.ts';
import { verifyTesters } from '../../src/testers/verify-testers.ts';
import { embeddedAt } from '../support/embedded-at.ts';
import { startWorld, type World } from '../support/start-world.ts';

const configFor = ({ stateFile }: World) => ({ router: embeddedAt({ state: stateFile }), candidate: 'candidate', testers: { header: 'x-tester: yes' } });
const testersOf = async (world: World) => (await (await connectRouter(world)).readStatus()).testers;

test('testers are told to the router, and undone by telling it who they were before', async () => {
  await using world = await startWorld();
  const former = { side: 'stable', by: 'cookie', name: 'qa' } as const;
  await (await connectRouter(world)).setTesters(former);
  const context = virtualContext<TestersState>();

  expect(await runTesters(configFor(world), context)).toEqual({ side: 'candidate' });
  expect(await testersOf(world)).toEqual({ side: 'candidate', by: 'header', name: 'x-tester', value: 'yes' });

  for (let i = 0; i < 2; i += 1) {
    await rollbackTesters(configFor(world), virtualContext<TestersState, TestersOutputs>({ saved: context.states[0] }));
    expect(await testersOf(world)).toEqual(former);
  }
});

test.each([
  ['nobody is a tester', ''],
  ['those with the cookie qa get stable', '{"side":"stable","by":"cookie","name":"qa"}'],
])('a router that is dead when testers are taken back starts as before: %s', async (said, former) => {
  await using world = await startWorld();
  await runTesters(configFor(world), virtualContext<TestersState>());
  await world.stopRouter();
  const back = () => rollbackTesters(configFor(world), virtualContext<TestersState, TestersOutputs>({ saved: { former } }));

  await expect(back()).rejects.toMatchObject({ code: 'TRAFFIC_ROUTER_NOT_REACHED', retryable: true, hint: containing(`At its next start ${said}, by the state file ${world.stateFile}`) });

  await world.startRouter();
  expect(await testersOf(world)).toEqual(former === '' ? undefined : JSON.parse(former));
  await back();
});

test('a second attempt keeps who were testers before the first one', async () => {
  await using world = await startWorld();
  const context = virtualContext<TestersState>({ saved: { former: '' } });
  await runTesters(configFor(world), context);
  await runTesters(configFor(world), context);
  expect(context.states).toEqual([{ former: '' }, { former: '' }]);
});

test('nobody is a tester any more after traffic.no-testers', async () => {
  await using world = await startWorld();
  await runTesters(configFor(world), virtualContext<TestersState>());
  await runNoTesters(configFor(world), virtualContext());
  expect(await testersOf(world)).toBeUndefined();
});

test('an unknown side is found before anything starts', async () => {
  await using world = await startWorld();
  expect(await verifyTesters({ ...configFor(world), candidate: 'canary' }, virtualContext())).toMatchObject([{ level: 'error', code: 'TRAFFIC_SIDE_UNKNOWN' }]);
  expect(await verifyTesters(configFor(world), virtualContext())).toEqual([]);
});
