import { expect, test } from 'vitest';
import { weightIn } from '../../../src/run/core/weight.ts';

test.each([
  [{ weight: 10 }, 10],
  [{ weight: '12.5%' }, 12.5],
  [{ weight: 'heavy' }, undefined],
  [{ weight: null }, undefined],
  [[10], undefined],
  [null, undefined],
])('the weight in %j is %j', (output, weight) => {
  expect(weightIn(output)).toBe(weight);
});
