import { containing } from '@relpipe/testing/matchers';
import { virtualContext } from '@relpipe/testing/step-context';
import { expect, test } from 'vitest';
import { previewShift, verifyShift } from '../../src/steps/shift.impl.ts';
import type { ShiftState } from '../../src/steps/shift.ts';
import { embeddedAt, type EmbeddedFixture, startFixture } from '../support/embedded-fixture.ts';

const configFor = ({ stateFile }: EmbeddedFixture) => ({ router: embeddedAt({ state: stateFile }), stable: 'stable', candidate: 'candidate', weight: 10 });

test('a shift is valid when the router answers and knows both sides', async () => {
  await using fixture = await startFixture();

  expect(await verifyShift(configFor(fixture), virtualContext<ShiftState>())).toEqual([]);
});

test('a shift with an unknown side is refused before anything starts', async () => {
  await using fixture = await startFixture();

  const findings = await verifyShift({ ...configFor(fixture), stable: 'blue' }, virtualContext<ShiftState>());

  expect(findings).toEqual([
    { level: 'error', code: 'TRAFFIC_SIDE_UNKNOWN', message: containing('no side blue'), hint: containing('candidate') },
  ]);
});

test('a shift with a router that is not running is refused before anything starts', async () => {
  const config = { router: embeddedAt({ state: '/nowhere/router.json' }), stable: 'stable', candidate: 'candidate', weight: 10 };

  const findings = await verifyShift(config, virtualContext<ShiftState>());

  expect(findings).toMatchObject([{ level: 'error', code: 'TRAFFIC_ROUTER_NOT_REACHED' }]);
});

test('a shift with a value that is known only in the run is reported as not checked', async () => {
  await using fixture = await startFixture();

  const findings = await verifyShift({ ...configFor(fixture), weight: { $later: 'steps.size.outputs.weight' } }, virtualContext<ShiftState>());

  expect(findings).toMatchObject([{ level: 'warning', code: 'TRAFFIC_NOT_CHECKED' }]);
});

test('a shift after another one is checked, whatever the share will be before it', async () => {
  await using fixture = await startFixture();
  const later = { ...configFor(fixture), from: { $later: 'steps.first.outputs.weight' } };

  expect(await verifyShift(later, virtualContext<ShiftState>())).toEqual([]);
  expect(await verifyShift({ ...later, stable: 'blue' }, virtualContext<ShiftState>())).toMatchObject([{ code: 'TRAFFIC_SIDE_UNKNOWN' }]);
});

test('the preview of a shift shows the share before and after it', async () => {
  await using fixture = await startFixture();
  await fixture.setWeights({ stable: 95, candidate: 5 });

  expect(await previewShift(configFor(fixture), virtualContext<ShiftState>())).toMatchObject({ from: '5%', to: '10%', unknownUntilRun: [] });
});

test('the preview of a later shift starts at the share of the one before', async () => {
  await using fixture = await startFixture();
  const config = { ...configFor(fixture), weight: { $later: 'steps.size.outputs.weight' }, from: 10 };

  expect(await previewShift(config, virtualContext<ShiftState>())).toMatchObject({
    from: '10%',
    to: '(steps.size.outputs.weight)',
    unknownUntilRun: ['weight'],
  });
});
