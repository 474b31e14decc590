import { expect, test } from 'vitest';
import { answerControl, type ControlledRouter } from '../../src/relpipe-router/control/control-api.ts';
import { WeightStore } from '../../src/relpipe-router/state/weight-store.ts';

test('a client that reads the weights while a change is being written gets the change', async () => {
  const { promise: isWritten, resolve: write } = Promise.withResolvers<undefined>();
  const first = { weights: { stable: 100, candidate: 0 }, generation: 1, changedAt: '2026-01-01T00:00:00.000Z' };
  const store = new WeightStore(first, () => isWritten, () => undefined);
  const router = {
    sideNames: ['stable', 'candidate'],
    idle: () => store.idle(),
    weights: () => store.present,
    setWeights: (weights: Record<string, number>, expected?: number) => store.set(weights, expected),
  } as Partial<ControlledRouter> as ControlledRouter;
  const ask = (method: string, body = '') => answerControl(router, { method, url: new URL('http://router/v1/weights'), ifMatch: undefined, body });

  const changed = ask('PUT', '{"weights":{"stable":75,"candidate":25}}');
  const read = ask('GET');
  write(undefined);

  expect((await read).body).toMatchObject({ weights: { stable: 75, candidate: 25 }, generation: 2 });
  expect((await changed).status).toBe(200);
});
