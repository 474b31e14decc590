import { containing } from '@relpipe/testing/matchers';
import { virtualContext } from '@relpipe/testing/step-context';
import { expect, test } from 'vitest';
import { ready } from '../../src/steps/ready.ts';
import { verify } from '../../src/steps/verify.ts';
import { runVerify } from '../../src/steps/verify.impl.ts';
import { embeddedAt, type EmbeddedFixture, startFixture } from '../support/embedded-fixture.ts';
import { MemoryRouter } from '../support/memory-router.ts';

const configFor = ({ stateFile }: EmbeddedFixture, weight: number) => ({ router: embeddedAt({ state: stateFile }), stable: 'stable', candidate: 'candidate', weight });

test('unchanged weights are verified, and nothing is changed', async () => {
  await using fixture = await startFixture();
  await fixture.setWeights({ stable: 20, candidate: 80 });
  const before = await fixture.generation();

  expect(await runVerify(configFor(fixture, 80), virtualContext())).toEqual({ weight: 80 });
  expect(await fixture.generation()).toBe(before);
});

test('weights that somebody else has changed are an error with the expected and the found weights', async () => {
  await using fixture = await startFixture();
  await fixture.setWeights({ stable: 40, candidate: 60 });

  await expect(runVerify(configFor(fixture, 80), virtualContext())).rejects.toMatchObject({
    code: 'TRAFFIC_DRIFT',
    message: containing('expected stable 20%, candidate 80%, found stable 40%, candidate 60%'),
  });
});

test('traffic.verify and traffic.ready with a side that the router does not have are refused before anything starts', async () => {
  const { provided: router } = new MemoryRouter({ a: 100, b: 0 });
  const unknown = [{ level: 'error', code: 'TRAFFIC_SIDE_UNKNOWN', message: containing('no side c') }];

  expect(await verify.verify?.({ router, stable: ['a', 'b'], candidate: 'c', weight: 0 }, virtualContext())).toMatchObject(unknown);
  expect(await ready.verify?.({ router, sides: ['a', ['b', 'c']] }, virtualContext())).toMatchObject(unknown);
  expect(await ready.verify?.({ router, sides: [{ $later: 'steps.x.outputs.y' }, ['a', '*']] }, virtualContext())).toEqual([]);
});
