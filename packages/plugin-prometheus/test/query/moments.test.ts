import { expect, test } from 'vitest';
import { evenRuns, resolveQuery } from '../../src/query/moments.ts';

const moments = (...times: number[]) => times.map((at) => ({ at, query: 'up', isTooEarly: false }));
const shapes = (...times: number[]) =>
  evenRuns(moments(...times)).map((run) => [run.moments.map(({ at }) => at), run.stepMs]);

test('evenly spaced times form one run', () => {
  expect(shapes(10, 20, 30, 40)).toEqual([[[10, 20, 30, 40], 10]]);
});

test('a single time forms its own run', () => {
  expect(shapes(10)).toEqual([[[10], 0]]);
  expect(shapes()).toEqual([]);
});

test('a gap starts another run', () => {
  expect(shapes(10, 20, 30, 70, 80, 90)).toEqual([
    [[10, 20, 30], 10],
    [[70, 80, 90], 10],
  ]);
});

test('a time that is repeated or earlier starts another run', () => {
  expect(shapes(10, 10, 5)).toEqual([
    [[10], 0],
    [[10], 0],
    [[5], 0],
  ]);
});

test('a moment with another query starts another run', () => {
  const [first, second] = moments(10, 20);
  if (!first || !second) throw new Error('two moments');
  expect(evenRuns([first, { ...second, query: 'down' }])).toHaveLength(2);
});

test('a run has at most as many moments as a server accepts in one request', () => {
  const runs = evenRuns(moments(...Array.from({ length: 25_000 }, (_, i) => i * 1000)));
  expect(runs.map((run) => run.moments.length)).toEqual([11_000, 11_000, 3000]);
});

test.each([
  ['rate(a[$window]) / rate(b[$window])', 57_000, 'rate(a[57s]) / rate(b[57s])'],
  ['rate(a[${window}])', 3_600_000, 'rate(a[3600s])'],
  ['rate(a[$window])', 57_999, 'rate(a[57s])'],
  ['rate(a[$window])', 250, 'rate(a[250ms])'],
  ['a{b="$windowed"}', 57_000, 'a{b="$windowed"}'],
])('the query %s over a window of %d ms is sent as %s', (query, windowMs, resolved) => {
  expect(resolveQuery(query, windowMs)).toBe(resolved);
});
