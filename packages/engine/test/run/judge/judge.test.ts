import { describe, expect, test } from 'vitest';
import { judgeMetric } from '../../../src/run/judge/judge.ts';
import { absolute, judged, sampleAt, samplesOf, metricOf, minute, period, second, start, verdictOf } from './samples.ts';

const errorRate = metricOf();

test('values within the limits pass and are counted', () => {
  expect(judged(errorRate, 0.003, 0.004)).toEqual({
    verdict: 'pass',
    because: 'error-rate is 0.4 %, within critical 5 %, max 1 % (2 values)',
    critical: false,
    conclusive: true,
    measured: 2,
    observedAt: start + 60 * second,
    coveredUntil: start + 60 * second,
  });
});

test('a value exactly on its limit is within it', () => {
  expect(verdictOf(errorRate, 0.01, 0.01)).toBe('pass');
  expect(verdictOf(metricOf({ threshold: { min: absolute(0.99) } }), 0.99, 0.99)).toBe('pass');
});

test('one measurement beyond critical is enough', () => {
  expect(judged(errorRate, 0.003, 0.073)).toMatchObject({
    verdict: 'fail',
    critical: true,
    conclusive: true,
    because: 'error-rate is 7.3 %, above critical 5 %',
    observedAt: start + 60 * second,
  });
});

test('a value and its limit are printed with as many digits as distinguish them', () => {
  expect(judged(errorRate, 0.0500004).because).toBe('error-rate is 5.00004 %, above critical 5 %');
});

describe('a limit without `for` and `violations`', () => {
  test('a limit without `for` and `violations` warns at the first breach and fails at the second in a row', () => {
    expect(judged(errorRate, 0.02)).toMatchObject({
      verdict: 'warn',
      conclusive: false,
      because: 'error-rate is 2 %, above max 1 %; fails if the next sample also breaches',
    });
    expect(judged(errorRate, 0.02, 0.03)).toMatchObject({
      verdict: 'fail',
      critical: false,
      because: 'error-rate is 3 %, above max 1 %, 2 samples in a row',
    });
  });

  test('a limit without `for` and `violations` is healed by a good value in between', () => {
    expect(verdictOf(errorRate, 0.02, 0.001, 0.02)).toBe('warn');
  });

  test('a limit without `for` and `violations` is not healed by a sample without a value or with an error', () => {
    expect(verdictOf(errorRate, 0.02, null, 0.02)).toBe('fail');
    expect(verdictOf(errorRate, 0.02, Number.NaN, 0.02)).toBe('fail');
    expect(verdictOf(errorRate, 0.02, 'connection refused', 0.02)).toBe('fail');
  });

  test('a limit without `for` and `violations` counts below min as it counts above max', () => {
    const availability = metricOf({ threshold: { min: absolute(0.99, '99%') } });
    expect(judged(availability, 0.98, 0.97).because).toBe('error-rate is 97 %, below min 99 %, 2 samples in a row');
  });
});

describe('`for`', () => {
  const lasting = metricOf({ threshold: { max: absolute(0.01, '1%'), critical: absolute(0.05, '5%'), forMs: 2 * minute } });

  test('`for` fails when breaches have lasted so long without a good value', () => {
    expect(verdictOf(lasting, 0.02, 0.02, 0.02, 0.02)).toBe('warn');
    expect(judged(lasting, 0.02, 0.02, 0.02, 0.02, 0.02)).toMatchObject({
      verdict: 'fail',
      because: 'error-rate is 2 %, above max 1 %, for 2m (since 14:00:30 UTC, 5 samples)',
    });
  });

  test('`for` starts again after a good value', () => {
    expect(verdictOf(lasting, 0.02, 0.02, 0.02, 0.001, 0.02, 0.02, 0.02, 0.02)).toBe('warn');
  });

  test('`for` continues through samples without a value, and fails only at a sample that is a breach itself', () => {
    expect(verdictOf(lasting, 0.02, null, null, null, null, null)).toBe('inconclusive');
    expect(verdictOf(lasting, 0.02, null, null, null, null, 0.02)).toBe('fail');
  });

  test('`for` continues through time without samples, and the verdict says so', () => {
    const samples = [sampleAt(start + 30 * second, 0.02), sampleAt(start + 20 * minute, 0.02)];
    const answer = judgeMetric(lasting, samples, period);
    expect(answer.verdict).toBe('fail');
    expect(answer.because).toContain('not watched from 2026-11-20 14:00:30 UTC to 2026-11-20 14:20:00 UTC');
  });

  test('`for` does not keep critical waiting', () => {
    expect(judged(lasting, 0.06)).toMatchObject({ verdict: 'fail', critical: true });
  });

  test('`for` makes a pass conclusive only when its window is full', () => {
    expect(judged(lasting, 0.001, 0.001, 0.001).conclusive).toBe(false);
    expect(judged(lasting, 0.001, 0.001, 0.001, 0.001).conclusive).toBe(true);
  });

  test('`for` requires a full window again after a gap', () => {
    const samples = [...samplesOf(0.001, 0.001, 0.001, 0.001), sampleAt(start + 30 * minute, 0.001)];
    expect(judgeMetric(lasting, samples, period)).toMatchObject({ verdict: 'pass', conclusive: false });
  });
});

describe('`violations`', () => {
  const flapping = metricOf({ threshold: { max: absolute(0.01, '1%'), violations: { moreThan: 2, withinMs: 5 * minute } } });

  test('`violations` fails when more breaches fall into the window than allowed, in a row or not', () => {
    expect(judged(flapping, 0.02, 0, 0.02)).toMatchObject({ verdict: 'warn' });
    expect(judged(flapping, 0.02, 0, 0.02, 0, 0.02)).toMatchObject({
      verdict: 'fail',
      because: 'error-rate is 2 %, above max 1 %, more than 2 times within 5m',
    });
  });

  test('`violations` forgets breaches that have left the window', () => {
    const good = Array.from({ length: 9 }, () => 0);
    expect(verdictOf(flapping, 0.02, 0.02, ...good, 0.02)).toBe('warn');
    expect(verdictOf(flapping, 0.02, 0.02, ...good.slice(1), 0.02)).toBe('fail');
  });

  test('`violations` passes at a good value while the count allows it', () => {
    expect(verdictOf(flapping, 0.02, 0.02, 0)).toBe('pass');
  });

  test('`violations` counts each no of a yes/no metric', () => {
    const up = metricOf({ name: 'up', unit: 'yes-no', threshold: { violations: { moreThan: 1, withinMs: 5 * minute } } });
    expect(judged(up, 1, 1)).toMatchObject({ verdict: 'pass', because: 'up is true, as expected (2 values)' });
    expect(verdictOf(up, 1, 0, 1)).toBe('pass');
    expect(judged(up, 0, 1, 0)).toMatchObject({ verdict: 'fail', because: 'up is false, more than 1 times within 5m' });
  });
});

test('a yes/no metric without violations fails at the second no in a row', () => {
  const up = metricOf({ unit: 'yes-no', threshold: {} });
  expect(verdictOf(up, 0, 1, 0)).toBe('warn');
  expect(verdictOf(up, 1, 0, 0)).toBe('fail');
});

describe('`warn`', () => {
  const watched = metricOf({ threshold: { warn: absolute(0.005, '0.5%'), max: absolute(0.01, '1%') } });

  test('`warn` keeps a value from passing and never fails', () => {
    expect(judged(watched, 0.006, 0.007, 0.008)).toMatchObject({
      verdict: 'warn',
      because: 'error-rate is 0.8 %, above warn 0.5 %',
    });
  });

  test('`warn` passes again with the value', () => {
    expect(verdictOf(watched, 0.006, 0.001)).toBe('pass');
  });

  test('`warn` lies below a lone min', () => {
    const availability = metricOf({ threshold: { warn: absolute(0.995), min: absolute(0.99), critical: absolute(0.9) } });
    expect(verdictOf(availability, 0.999)).toBe('pass');
    expect(verdictOf(availability, 0.992)).toBe('warn');
    expect(judged(availability, 0.85)).toMatchObject({ verdict: 'fail', critical: true });
  });

  test('`warn` is found on the right side when there are both min and max', () => {
    const band = metricOf({ unit: 'none', threshold: { min: absolute(10), max: absolute(20), critical: absolute(5) } });
    expect(verdictOf(band, 15)).toBe('pass');
    expect(judged(band, 4)).toMatchObject({ verdict: 'fail', critical: true, because: 'error-rate is 4, below critical 5' });
  });
});

test('a failure stays a failure, and can still become critical', () => {
  const later = judged(errorRate, 0.02, 0.02, 0.001, 0.001);
  expect(later).toMatchObject({ verdict: 'fail', critical: false, observedAt: start + 60 * second, measured: 4 });
  expect(later.coveredUntil).toBe(start + 120 * second);
  expect(judged(errorRate, 0.02, 0.02, 0.001, 0.07)).toMatchObject({ verdict: 'fail', critical: true });
});

test('a sample of a time that is covered already changes nothing', () => {
  const samples = samplesOf(0.02);
  expect(judgeMetric(errorRate, [...samples, ...samples], period)).toMatchObject({ verdict: 'warn', measured: 1 });
});

test('a sample before the period does not count', () => {
  expect(judgeMetric(errorRate, [sampleAt(start - 1, 0.2)], period)).toMatchObject({ verdict: 'inconclusive', measured: 0 });
});

test('a metric without a sample is inconclusive and covers nothing', () => {
  expect(judgeMetric(errorRate, [], period)).toMatchObject({
    verdict: 'inconclusive',
    measured: 0,
    coveredUntil: start,
    because: 'error-rate has not been sampled yet',
  });
});
