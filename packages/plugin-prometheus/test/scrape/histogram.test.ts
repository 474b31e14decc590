import { containing } from '@relpipe/testing/matchers';
import { describe, expect, test } from 'vitest';
import { histogramQuantile } from '../../src/scrape/histogram.ts';

const buckets = (...pairs: [number, number][]) => pairs.map(([upperBound, count]) => ({ upperBound, count }));

describe('quantiles as histogram_quantile of Prometheus calculates them', () => {
  test('a quantile is interpolated inside its bucket', () => {
    const found = histogramQuantile(0.5, buckets([0.1, 10], [0.2, 30], [1, 40], [Infinity, 40]));
    expect(found.value).toBeCloseTo(0.15, 12);
    expect(found.warnings).toEqual([]);
  });

  test('the lowest bucket starts at 0', () => {
    expect(histogramQuantile(0.5, buckets([0.2, 10], [Infinity, 10])).value).toBeCloseTo(0.1, 12);
  });

  test('a quantile in a lowest bucket at or below 0 is its bound', () => {
    expect(histogramQuantile(0.5, buckets([-1, 10], [Infinity, 10])).value).toBe(-1);
  });

  test('a quantile above the highest finite bound is that bound, with a warning', () => {
    const found = histogramQuantile(0.99, buckets([0.1, 5], [0.5, 9], [Infinity, 10]));
    expect(found).toEqual({ value: 0.5, warnings: [containing('at least that')] });
  });

  test('empty buckets are skipped', () => {
    expect(histogramQuantile(0.5, buckets([1, 0], [2, 0], [4, 10], [Infinity, 10])).value).toBeCloseTo(3, 12);
  });

  test('quantile 1 is the bound of the last bucket with observations', () => {
    expect(histogramQuantile(1, buckets([1, 5], [2, 8], [4, 8], [Infinity, 8])).value).toBe(2);
  });
});

test('a histogram without observations has no quantile', () => {
  expect(histogramQuantile(0.95, buckets([1, 0], [Infinity, 0]))).toMatchObject({ value: null });
});

test('decreasing counts are raised, with a warning', () => {
  const found = histogramQuantile(0.5, buckets([1, 10], [2, 8], [Infinity, 20]));
  expect(found).toEqual({ value: 1, warnings: [containing('approximate')] });
});

test('a histogram with NaN counts has the quantile NaN', () => {
  expect(histogramQuantile(0.5, buckets([1, Number.NaN], [Infinity, 4])).value).toBeNaN();
});
