import { expect, test } from 'vitest';
import { containing } from '../../../../test/support/containing.ts';
import { virtualContext } from '../../../../test/support/virtual-context.ts';
import { previewShift } from '../../src/shift/preview-shift.ts';
import type { ShiftState } from '../../src/shift/shift-config.ts';
import { verifyShift } from '../../src/shift/verify-shift.ts';
import { embeddedAt } from '../support/embedded-at.ts';
import { startWorld, type World } from '../support/start-world.ts';

const configFor = ({ stateFile }: World) => ({ router: embeddedAt({ state: stateFile }), stable: 'stable', candidate: 'candidate', weight: 10 });

test('a shift is fine when the router answers and knows both sides', async () => {
  await using world = await startWorld();

  expect(await verifyShift(configFor(world), virtualContext<ShiftState>())).toEqual([]);
});

test('an unknown side is found before anything starts', async () => {
  await using world = await startWorld();

  const findings = await verifyShift({ ...configFor(world), stable: 'blue' }, virtualContext<ShiftState>());

  expect(findings).toEqual([
    { level: 'error', code: 'TRAFFIC_SIDE_UNKNOWN', message: containing('no side blue'), hint: containing('candidate') },
  ]);
});

test('a router that does not run is found before anything starts', async () => {
  const config = { router: embeddedAt({ state: '/nowhere/router.json' }), stable: 'stable', candidate: 'candidate', weight: 10 };

  const findings = await verifyShift(config, virtualContext<ShiftState>());

  expect(findings).toMatchObject([{ level: 'error', code: 'TRAFFIC_ROUTER_NOT_REACHED' }]);
});

test('what is only known in the run is said not to be checked', async () => {
  await using world = await startWorld();

  const findings = await verifyShift({ ...configFor(world), weight: { $later: 'steps.size.outputs.weight' } }, virtualContext<ShiftState>());

  expect(findings).toMatchObject([{ level: 'warning', code: 'TRAFFIC_NOT_CHECKED' }]);
});

test('a shift behind another one is checked like it, whatever its share will be before', async () => {
  await using world = await startWorld();
  const later = { ...configFor(world), from: { $later: 'steps.first.outputs.weight' } };

  expect(await verifyShift(later, virtualContext<ShiftState>())).toEqual([]);
  expect(await verifyShift({ ...later, stable: 'blue' }, virtualContext<ShiftState>())).toMatchObject([{ code: 'TRAFFIC_SIDE_UNKNOWN' }]);
});

test('a preview says from which share to which', async () => {
  await using world = await startWorld();
  await world.setWeights({ stable: 95, candidate: 5 });

  expect(await previewShift(configFor(world), virtualContext<ShiftState>())).toMatchObject({ from: '5%', to: '10%', unknownUntilRun: [] });
});

test('a preview of a later shift begins where the one before will end', async () => {
  await using world = await startWorld();
  const config = { ...configFor(world), weight: { $later: 'steps.size.outputs.weight' }, from: 10 };

  expect(await previewShift(config, virtualContext<ShiftState>())).toMatchObject({
    from: '10%',
    to: '(steps.size.outputs.weight)',
    unknownUntilRun: ['weight'],
  });
});
