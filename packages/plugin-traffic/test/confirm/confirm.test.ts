import { expect, test } from 'vitest';
import { containing } from '../../../../test/support/containing.ts';
import { virtualContext } from '../../../../test/support/virtual-context.ts';
import { runConfirm } from '../../src/confirm/run-confirm.ts';
import { embeddedAt } from '../support/embedded-at.ts';
import { startWorld, type World } from '../support/start-world.ts';

const configFor = ({ stateFile }: World, weight: number) => ({ router: embeddedAt({ state: stateFile }), stable: 'stable', candidate: 'candidate', weight });

test('weights that hold are confirmed, and nothing is changed', async () => {
  await using world = await startWorld();
  await world.setWeights({ stable: 20, candidate: 80 });
  const before = await world.generation();

  expect(await runConfirm(configFor(world, 80), virtualContext())).toEqual({ weight: 80 });
  expect(await world.generation()).toBe(before);
});

test('weights that somebody else has changed are an error that names both', async () => {
  await using world = await startWorld();
  await world.setWeights({ stable: 40, candidate: 60 });

  await expect(runConfirm(configFor(world, 80), virtualContext())).rejects.toMatchObject({
    code: 'TRAFFIC_DRIFT',
    message: containing('expected stable 20%, candidate 80%, found stable 40%, candidate 60%'),
  });
});
