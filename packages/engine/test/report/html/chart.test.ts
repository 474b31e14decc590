import { describe, expect, test } from 'vitest';
import { downsample, metricSeries } from '../../../src/report/html/chart/metric-series.ts';
import { thresholdLines, valueRange } from '../../../src/report/html/chart/limits.ts';
import { timeTicks, valueTicks } from '../../../src/report/html/chart/plot.ts';
import type { PlanMetric } from '../../../src/plan/plan.ts';
import type { MeasurementRecord } from '../../../src/run/measurement-record.ts';

const metric: PlanMetric = {
  name: 'm',
  uses: 'prometheus.query',
  with: {},
  unit: 'ratio',
  threshold: { warn: { kind: 'relative', value: 0.1, text: '+10%' }, max: { kind: 'points', value: 0.001, text: '0.1pp' }, critical: { kind: 'absolute', value: 0.5, text: '50%' } },
  noData: 'inconclusive',
  shadow: false,
};

const every = 1000;

const seen = (at: number, value: number | 'NaN' | null, changes: Partial<MeasurementRecord> = {}): MeasurementRecord => ({
  step: 'hold', gate: 'g', metric: 'm', side: 'candidate', at, value, query: 'q', raw: null, warnings: [], ...changes,
});

describe('the line of a metric', () => {
  test('the line of a metric is broken where there was no data, NaN, or an error, and each gap has its kind', () => {
    const error = { error: 'connection refused' };
    const [line] = metricSeries([seen(0, 1), seen(1000, null), seen(2000, 'NaN'), seen(3000, 2), seen(4000, null, error), seen(5000, 3)], metric, every);
    expect(line!.stretches.map((stretch) => stretch.map(({ at }) => at))).toEqual([[0], [3000], [5000]]);
    expect(line!.gaps).toEqual([
      { kind: 'no-data', from: 500, to: 2500, samples: 2 },
      { kind: 'error', from: 3500, to: 4500, samples: 1, why: 'connection refused' },
    ]);
  });

  test('the line of a metric is broken where no sample was taken, and between two steps', () => {
    const [line] = metricSeries([seen(0, 1), seen(1000, 1), seen(9000, 1), seen(10_000, 1, { step: 'other' })], metric, every);
    expect(line!.stretches.map(({ length }) => length)).toEqual([2, 1, 1]);
  });

  test('the line of a metric is in the order of time, and draws zero as a value', () => {
    const [line] = metricSeries([seen(1000, 0), seen(0, 1)], metric, every);
    expect(line!.stretches).toEqual([[{ at: 0, value: 1 }, { at: 1000, value: 0 }]]);
    expect(line!.gaps).toEqual([]);
  });

  test.each([['sum', 6], ['avg', 2], ['min', 1], ['max', 3]] as const)('the line of a metric joins several series by %s', (reduce, value) => {
    const records = [1, 2, 3].map((n) => seen(0, n, { series: String(n) }));
    expect(metricSeries(records, { ...metric, reduce }, every).map(({ stretches }) => stretches)).toEqual([[[{ at: 0, value }]]]);
  });

  test('a metric has one line a series where nothing joins them', () => {
    expect(metricSeries([seen(0, 1, { series: 'a' }), seen(0, 2, { series: 'b' })], metric, every).map(({ name }) => name)).toEqual(['a', 'b']);
  });
});

test('a limit relative to the baseline, or in points above it, follows the baseline', () => {
  const baseline = [[{ at: 0, value: 0.01 }, { at: 1000, value: 0.02 }]];
  const lines = thresholdLines(metric, baseline).map(({ text, level, stretches }) => [text, level ?? stretches.flat().map(({ value }) => Number(value.toFixed(6)))]);
  expect(lines).toEqual([['warn +10%', [0.011, 0.022]], ['max 0.1pp', [0.011, 0.021]], ['critical 50%', 0.5]]);
});

describe('the value axis', () => {
  const rangeOf = (values: readonly number[]): unknown =>
    valueRange(metricSeries(values.map((value, n) => seen(n * every, value)), metric, every), thresholdLines({ ...metric, threshold: { max: { kind: 'absolute', value: 0.01, text: '1%' }, critical: { kind: 'absolute', value: 0.5, text: '50%' } } }, []));

  test('a limit relative to a baseline below zero is drawn where the judge compares with it', () => {
  const [warn] = thresholdLines(metric, [[{ at: 0, value: -10 }]]);
  expect(warn!.stretches).toEqual([[{ at: 0, value: -9 }]]);
});

test('the value axis shows every value and the near limits, from zero, without pressing the line flat for a far limit', () => {
    expect(rangeOf([0.002, 0.008])).toEqual({ low: 0, high: 0.01 });
  });

  test('the value axis shows a far limit when a value comes near it', () => {
    expect(rangeOf([0.002, 0.4])).toEqual({ low: 0, high: 0.5 });
  });

  test('the value axis shows values below zero', () => {
    expect(rangeOf([-3, 0])).toMatchObject({ low: -3 });
  });

  test.each([
    [0, 0.01, [0, 0.002, 0.004, 0.006, 0.008, 0.01]],
    [0, 0, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [0.95, 1, [0.95, 0.96, 0.97, 0.98, 0.99, 1]],
    [-3, 4, [-4, -2, 0, 2, 4]],
  ])('a value axis from %d to %d has round ticks', (low, high, ticks) => {
    expect(valueTicks(low, high, 5)).toEqual(ticks);
  });
});

test.each([
  [90_000, 10_000],
  [3_600_000, 600_000],
  [86_400_000, 10_800_000],
  [3 * 86_400_000, 43_200_000],
])('a time axis of %d ms has a tick every %d ms, on round moments', (length, step) => {
  const ticks = timeTicks(1234, 1234 + length, 9);
  expect(ticks.step).toBe(step);
  expect(ticks.at.every((at) => at % step === 0 && at >= 1234 && at <= 1234 + length)).toBe(true);
});

describe('a thinned line', () => {
  const samples = Array.from({ length: 50_000 }, (_, at) => ({ at, value: at === 31_337 ? 99 : at === 777 ? -99 : Math.sin(at) }));

  test('a thinned line keeps its extremes, its ends and its order', () => {
    const thin = downsample(samples, 0, 50_000, 800);
    expect(thin.length).toBeLessThanOrEqual(3200);
    expect(thin).toContainEqual({ at: 31_337, value: 99 });
    expect(thin).toContainEqual({ at: 777, value: -99 });
    expect([thin[0], thin.at(-1)]).toEqual([samples[0], samples.at(-1)]);
    expect(thin.every(({ at }, n) => n === 0 || at > thin[n - 1]!.at)).toBe(true);
  });

  test('a short line is not thinned', () => {
    const short = samples.slice(0, 100);
    expect(downsample(short, 0, 100, 800)).toBe(short);
  });
});
