import { expect, test } from 'vitest';
import { recordsOfSide, samplesOf } from '../../../../src/run/local/watch/measurement-records.ts';

const origin = { step: 's', gate: 'g', metric: 'm' };

test('what is missing from an answer is kept with its record', () => {
  const records = recordsOfSide(origin, 'candidate', 1, [{ at: 1, value: 1, query: 'up', raw: [], warnings: [], partial: 'one store' }]);
  expect(samplesOf(records)).toMatchObject([{ candidate: [{ value: 1, partial: 'one store' }] }]);
});

test.each([0.5, null, Number.NaN, Infinity, -Infinity])('a value of %s is the same after it was recorded as JSON', (value) => {
  const records = recordsOfSide(origin, 'candidate', 1, [{ at: 1, value, query: 'up', raw: [], warnings: [] }]);
  expect(samplesOf(JSON.parse(JSON.stringify(records)) as typeof records)).toMatchObject([{ candidate: [{ value }] }]);
});
