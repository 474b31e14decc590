import { expect, test } from 'vitest';
import { StepError } from '../../src/contract/index.ts';
import { findingFrom, isTransient } from '../../src/toolkit/index.ts';

test('findingFrom makes a warning of a retryable step error, which could only not be checked, and an error of any other', () => {
  const down = new StepError('X_DOWN', 'It is down.', { retryable: true, hint: 'Wait.' });
  expect(findingFrom(down)).toEqual({
    level: 'warning',
    code: 'X_DOWN',
    message: 'It is down. It could not be checked.',
    hint: 'Wait.',
  });
  expect(findingFrom(new StepError('X_WRONG', 'It is wrong.'))).toEqual({
    level: 'error',
    code: 'X_WRONG',
    message: 'It is wrong.',
  });
});

test('findingFrom throws an error that is not a step error, because that is a defect of the plugin', () => {
  const defect = new TypeError('undefined is not a function');
  expect(() => findingFrom(defect)).toThrow(defect);
});

test('isTransient is true for the statuses after which the same request may succeed later, and not for 501 and 505', () => {
  const transient = [100, 200, 302, 400, 401, 404, 408, 409, 425, 429, 500, 501, 502, 503, 504, 505, 507, 599, 600].filter(isTransient);
  expect(transient).toEqual([408, 429, 500, 502, 503, 504, 507, 599]);
});
