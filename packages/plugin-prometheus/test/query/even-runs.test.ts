import { expect, test } from 'vitest';
import { evenRuns } from '../../src/query/moments.ts';

const moments = (...times: number[]) => times.map((at) => ({ at, query: 'up', isTooEarly: false }));
const shapes = (...times: number[]) =>
  evenRuns(moments(...times)).map((run) => [run.moments.map(({ at }) => at), run.stepMs]);

test('evenly spaced times are one run', () => {
  expect(shapes(10, 20, 30, 40)).toEqual([[[10, 20, 30, 40], 10]]);
});

test('a single time is a run of its own', () => {
  expect(shapes(10)).toEqual([[[10], 0]]);
  expect(shapes()).toEqual([]);
});

test('a gap begins the next run', () => {
  expect(shapes(10, 20, 30, 70, 80, 90)).toEqual([
    [[10, 20, 30], 10],
    [[70, 80, 90], 10],
  ]);
});

test('a time that stands twice or goes back is not in the same run', () => {
  expect(shapes(10, 10, 5)).toEqual([
    [[10], 0],
    [[10], 0],
    [[5], 0],
  ]);
});

test('another query is another run', () => {
  const [first, second] = moments(10, 20);
  if (!first || !second) throw new Error('two moments');
  expect(evenRuns([first, { ...second, query: 'down' }])).toHaveLength(2);
});

test('no run is longer than a server answers at once', () => {
  const runs = evenRuns(moments(...Array.from({ length: 25_000 }, (_, i) => i * 1000)));
  expect(runs.map((run) => run.moments.length)).toEqual([11_000, 11_000, 3000]);
});
