import { expect, test } from 'vitest';
import { percentFromUnits, unitsFor } from '../../src/routers/units.ts';

test.for([
  [10, 256, [90, 10]],
  [12.5, 1_000_000, [875, 125]],
  [33.3333, 1_000_000, [666_667, 333_333]],
  [33.3333, 256, [2, 1]],
  [0.1, 256, [256, 1]],
  [0, 256, [100, 0]],
  [100, 256, [0, 100]],
] as const)('the integers up to a maximum for %d percent (maximum %d) are %j', ([percent, most, [stable, candidate]]) => {
  expect(unitsFor({ stable: 100 - percent, candidate: percent }, most)).toEqual({ stable, candidate });
});

test('every whole percent is exact in integers up to 256', () => {
  for (let percent = 0; percent <= 100; percent += 1) {
    const weights = { stable: 100 - percent, candidate: percent };
    expect(percentFromUnits(unitsFor(weights, 256))).toEqual(weights);
  }
});

test('weights that were rounded once are not changed by rounding again', () => {
  for (let share = 0.5; share < 100; share += 0.37) {
    const once = percentFromUnits(unitsFor({ stable: 100 - share, candidate: share }, 256));
    expect(percentFromUnits(unitsFor(once, 256))).toEqual(once);
  }
});
