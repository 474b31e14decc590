import { describe, expect, test } from 'vitest';
import { absolute, both, judged, metricOf, points, relative, verdictOf } from './samples.ts';

const latency = metricOf({
  name: 'latency',
  unit: 'seconds',
  baseline: {},
  threshold: { warn: relative(0.1), max: absolute(0.3, '300ms'), critical: relative(2) },
});

describe('a limit relative to the baseline', () => {
  test('a limit relative to the baseline lies that much above it', () => {
    expect(verdictOf(latency, both(0.1, 0.1))).toBe('pass');
    expect(judged(latency, both(0.12, 0.1))).toMatchObject({
      verdict: 'warn',
      because: 'latency is 120 ms, above warn +10% of the baseline 100 ms (110 ms)',
    });
    expect(judged(latency, both(0.31, 0.1))).toMatchObject({ verdict: 'fail', critical: true });
  });

  test('a limit relative to the baseline works downwards for min', () => {
    const throughput = metricOf({ unit: 'per-second', baseline: {}, threshold: { min: relative(-0.1) } });
    expect(verdictOf(throughput, both(95, 100), both(90, 100))).toBe('pass');
    expect(judged(throughput, both(80, 100), both(80, 100)).because).toBe(
      'error-rate is 80 /s, below min -10% of the baseline 100 /s (90 /s), 2 samples in a row',
    );
  });

  test('a limit relative to the baseline lies below the baseline by its sign where there is neither min nor max', () => {
    const score = metricOf({ unit: 'none', baseline: {}, threshold: { warn: relative(-0.1) } });
    expect(verdictOf(score, both(120, 100))).toBe('pass');
    expect(verdictOf(score, both(80, 100))).toBe('warn');
  });

  test('a limit relative to the baseline is inconclusive without a baseline, unless an absolute limit is breached', () => {
    expect(judged(latency, both(0.1, null))).toMatchObject({
      verdict: 'inconclusive',
      measured: 0,
      because: 'latency cannot be compared: the baseline has no value',
    });
    expect(verdictOf(latency, both(0.5, null))).toBe('warn');
    expect(verdictOf(latency, both(0.1, Number.NaN))).toBe('inconclusive');
  });

  test('a limit relative to the baseline finds no change when both sides are zero', () => {
    expect(verdictOf(latency, both(0, 0))).toBe('pass');
  });

  test('a limit relative to the baseline is inconclusive when only the baseline is zero, and says what to write instead', () => {
    const answer = judged(latency, both(0.1, 0));
    expect(answer.verdict).toBe('inconclusive');
    expect(answer.because).toContain('write the limit in pp or as an absolute value');
  });
});

test('a limit in points is added to the baseline', () => {
  const increase = metricOf({ name: 'error-increase', baseline: {}, threshold: { warn: points(0.001) } });
  expect(verdictOf(increase, both(0.002, 0.0015))).toBe('pass');
  expect(verdictOf(increase, both(0.001, 0))).toBe('pass');
  expect(judged(increase, both(0.004, 0.002))).toMatchObject({
    verdict: 'warn',
    because: 'error-increase is 0.4 %, above warn 0.1pp of the baseline 0.2 % (0.3 %)',
  });
});

test('a baseline that could not be measured is an error, unless an absolute limit is breached', () => {
  const down = { baseline: [], baselineError: 'connection refused' };
  expect(judged(latency, { candidate: [{ value: 0.1 }], ...down })).toMatchObject({
    verdict: 'error',
    because: 'latency has a baseline that could not be measured: connection refused',
  });
  expect(verdictOf(latency, { candidate: [{ value: 0.5 }], ...down })).toBe('warn');
});

test('a baseline with too few samples counts as missing', () => {
  const sampled = metricOf({ ...latency, minSamples: 10 });
  const look = { candidate: [{ value: 0.1, samples: 100 }], baseline: [{ value: 0.1, samples: 3 }] };
  expect(verdictOf(sampled, look)).toBe('inconclusive');
});

test('a baseline that nothing is compared with may be missing', () => {
  expect(verdictOf(metricOf({ baseline: {} }), both(0.001, null))).toBe('pass');
});
