import { describe, expect, test } from 'vitest';
import { judgeMetric } from '../../../src/run/judge/judge.ts';
import { absolute, judged, sampleAt, samplesOf, metricOf, minute, period, second, start, verdictOf } from './samples.ts';

describe('no data', () => {
  test('no data is inconclusive where the file says so, and the sentence says since when', () => {
    const answer = judged(metricOf(), 0.001, null, null, null);
    expect(answer).toMatchObject({ verdict: 'inconclusive', measured: 1, conclusive: false });
    expect(answer.because).toBe('error-rate has no value since 14:01:00 UTC (3 samples)');
  });

  test('no data counts as a breach under `no-data: fail`', () => {
    const strict = metricOf({ noData: 'fail' });
    expect(judged(strict, 0.001, null)).toMatchObject({ verdict: 'warn' });
    expect(judged(strict, 0.001, null, null)).toMatchObject({
      verdict: 'fail',
      critical: false,
      because: 'error-rate has no value, 2 samples in a row',
    });
    expect(verdictOf(strict, 0.001, 0.02, null)).toBe('fail');
  });

  test('no data counts among the violations under `no-data: fail`', () => {
    const strict = metricOf({ noData: 'fail', threshold: { max: absolute(0.01), violations: { moreThan: 1, withinMs: 5 * minute } } });
    expect(verdictOf(strict, null, 0.001, 0.001)).toBe('pass');
    expect(verdictOf(strict, null, 0.001, 0.02)).toBe('fail');
  });

  test('no data is forgiven once under `no-data: pass`', () => {
    const lenient = metricOf({ noData: 'pass' });
    expect(verdictOf(lenient, 0.001, null)).toBe('pass');
    expect(verdictOf(lenient, 0.001, null, null)).toBe('inconclusive');
    expect(verdictOf(lenient, 0.001, null, 0.001, null)).toBe('pass');
    expect(verdictOf(lenient, 0.02, null)).toBe('warn');
  });

  test('no data is not forgiven right after another sample without a value', () => {
    const lenient = metricOf({ noData: 'pass' });
    expect(verdictOf(lenient, 0.001, Number.NaN, null)).toBe('inconclusive');
    expect(verdictOf(lenient, 0.001, 'connection refused', null)).toBe('inconclusive');
  });

  test.each(['pass', 'inconclusive'] as const)('no data never passes without one value in the whole period under `no-data: %s`', (noData) => {
    const answer = judged(metricOf({ noData }), null, null, null);
    expect(answer).toMatchObject({ verdict: 'inconclusive', measured: 0 });
    expect(answer.because).toContain('has had no value');
  });

  test('no data under `no-data: fail` without one value is inconclusive until the breaches suffice', () => {
    const strict = metricOf({ noData: 'fail', threshold: { max: absolute(1), forMs: 2 * minute } });
    expect(verdictOf(strict, null, null)).toBe('inconclusive');
    expect(verdictOf(strict, null, null, null, null, null)).toBe('fail');
  });

  test('no data counts as a sample: the gate was watched', () => {
    expect(judged(metricOf(), 0.001, null).coveredUntil).toBe(start + 60 * second);
  });
});

describe('values that cannot be compared', () => {
  test.each([Number.NaN, Infinity, -Infinity])('%s is inconclusive before it is compared with anything', (value) => {
    expect(judged(metricOf(), 0.001, value)).toMatchObject({ verdict: 'inconclusive', measured: 1, critical: false });
  });

  test('a ratio outside 0 to 1 is an error of its sample, and never passes', () => {
    const ratio = metricOf({ unit: 'ratio' });
    for (const value of [40, -0.2]) {
      const answer = judged(ratio, value);
      expect(answer.verdict).not.toBe('pass');
      expect(answer.because).toContain(`is ${String(value)}, and a ratio is between 0 and 1`);
    }
    expect(judged(ratio, 1 + 1e-12).because).not.toContain('a ratio is between');
  });

  test('a value that cannot be compared is not what `no-data` is about', () => {
    expect(verdictOf(metricOf({ noData: 'fail' }), Number.NaN, Number.NaN, Number.NaN)).toBe('inconclusive');
    expect(verdictOf(metricOf({ noData: 'pass' }), 0.001, Number.NaN)).toBe('inconclusive');
  });
});

describe('`min-samples`', () => {
  const sampled = metricOf({ minSamples: 50 });

  test('`min-samples` makes a value with too few samples inconclusive, even beyond critical', () => {
    const answer = judged(sampled, { candidate: [{ value: 0.5, samples: 2 }] });
    expect(answer).toMatchObject({ verdict: 'inconclusive', measured: 0 });
    expect(answer.because).toBe('error-rate has only 2 samples; at least 50 are required');
  });

  test('`min-samples` is met by exactly that many', () => {
    expect(verdictOf(sampled, { candidate: [{ value: 0.001, samples: 50 }] })).toBe('pass');
  });

  test('`min-samples` is not met by a metric that does not count its samples', () => {
    expect(judged(sampled, 0.001).because).toBe('error-rate does not report its number of samples; at least 50 are required');
  });
});

describe('errors', () => {
  test('errors of a metric are a verdict of their own until it can be measured again', () => {
    const answer = judged(metricOf(), 0.001, 'connection refused', 'connection refused');
    expect(answer).toMatchObject({
      verdict: 'error',
      conclusive: false,
      because: 'error-rate could not be measured: connection refused (2 samples in a row since 14:01:00 UTC)',
    });
    expect(verdictOf(metricOf(), 0.001, 'connection refused', 0.001)).toBe('pass');
  });

  test('errors of a metric never fail a gate, however many they are', () => {
    expect(verdictOf(metricOf({ noData: 'fail' }), ...Array.from({ length: 100 }, () => 'connection refused'))).toBe('error');
  });

  test('errors of a metric cover nothing, and the verdict says what they left unwatched', () => {
    const samples = samplesOf(0.001, 'x', 'x', 'x', 'x', 0.001);
    expect(judgeMetric(metricOf(), samples.slice(0, -1), period).coveredUntil).toBe(start + 30 * second);
    const answer = judgeMetric(metricOf(), samples, period);
    expect(answer).toMatchObject({ verdict: 'pass', coveredUntil: start + 180 * second });
    expect(answer.because).toContain('not watched from 2026-11-20 14:00:30 UTC to 2026-11-20 14:03:00 UTC');
  });
});

describe('several series', () => {
  const two = { candidate: [{ value: 0.001, series: '{pod="a"}' }, { value: 0.02, series: '{pod="b"}' }] };

  test('several series without a reducer are an error that names them', () => {
    const answer = judged(metricOf(), two);
    expect(answer.verdict).toBe('error');
    expect(answer.because).toContain('returned 2 series ({pod="a"}, {pod="b"}): narrow the query to one, or set reduce');
  });

  test.each([
    ['max', 'warn', '2 %'],
    ['min', 'pass', '0.1 %'],
    ['avg', 'warn', '1.05 %'],
    ['sum', 'warn', '2.1 %'],
  ] as const)('several series become one by reduce: %s', (reduce, verdict, text) => {
    const answer = judged(metricOf({ reduce }), two);
    expect(answer.verdict).toBe(verdict);
    expect(answer.because).toContain(`is ${text}`);
  });

  test('several series with a NaN among them cannot be compared', () => {
    const samples = { candidate: [{ value: 0.5 }, { value: Number.NaN }] };
    for (const reduce of ['max', 'min', 'avg', 'sum'] as const) expect(verdictOf(metricOf({ reduce }), samples)).toBe('inconclusive');
  });

  test('several series of which only one has a value are one', () => {
    expect(verdictOf(metricOf(), { candidate: [{ value: null, series: 'a' }, { value: 0.001, series: 'b' }] })).toBe('pass');
  });

  test('several series add up their samples', () => {
    const seen = { candidate: [{ value: 0.001, samples: 30 }, { value: 0.001, samples: 20 }] };
    expect(verdictOf(metricOf({ reduce: 'avg', minSamples: 50 }), seen)).toBe('pass');
  });
});

test('time without samples is reported, and does not count as covered before the next sample', () => {
  const samples = [...samplesOf(0.001), sampleAt(start + 60 * minute, 0.001)];
  expect(judgeMetric(metricOf(), samples.slice(0, 1), period).coveredUntil).toBe(start + 30 * second);
  expect(judgeMetric(metricOf(), samples, period).because).toBe(
    'error-rate is 0.1 %, within critical 5 %, max 1 % (2 values); not watched from 2026-11-20 14:00:30 UTC to 2026-11-20 15:00:00 UTC',
  );
});
