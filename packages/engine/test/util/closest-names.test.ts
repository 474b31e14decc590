import { expect, test } from 'vitest';
import { closestNames } from '../../src/util/closest-names.ts';

const known = ['first-weight', 'phase', 'version', 'on-failure'];

test.each([
  ['frist-weight', ['first-weight']],
  ['first_weight', ['first-weight']],
  ['onFailure', ['on-failure']],
  ['phse', ['phase']],
  ['verison', ['version']],
  ['zzz', []],
])('%s could mean %j', (wanted, close) => expect(closestNames(wanted, known)).toEqual(close));

test('the closest name comes first, and no more than three', () => {
  expect(closestNames('unit', ['unti', 'unix', 'units', 'uni', 'unit'])).toEqual(['unit', 'uni', 'units']);
});
