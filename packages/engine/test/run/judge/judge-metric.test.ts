import { describe, expect, test } from 'vitest';
import { judgeMetric } from '../../../src/run/judge/judge-metric.ts';
import { absolute, judged, lookAt, looksOf, metricOf, minute, period, second, start, verdictOf } from './looks.ts';

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

test('a value and its limit are printed with as many digits as tell them apart', () => {
  expect(judged(errorRate, 0.0500004).because).toBe('error-rate is 5.00004 %, above critical 5 %');
});

describe('a limit without `for` and `violations`', () => {
  test('warns at the first breach and fails at the second in a row', () => {
    expect(judged(errorRate, 0.02)).toMatchObject({
      verdict: 'warn',
      conclusive: false,
      because: 'error-rate is 2 %, above max 1 %; fails at the next look like it',
    });
    expect(judged(errorRate, 0.02, 0.03)).toMatchObject({
      verdict: 'fail',
      critical: false,
      because: 'error-rate is 3 %, above max 1 %, 2 looks in a row',
    });
  });

  test('is healed by a good value in between', () => {
    expect(verdictOf(errorRate, 0.02, 0.001, 0.02)).toBe('warn');
  });

  test('is not healed by a look that found nothing or could not ask', () => {
    expect(verdictOf(errorRate, 0.02, null, 0.02)).toBe('fail');
    expect(verdictOf(errorRate, 0.02, Number.NaN, 0.02)).toBe('fail');
    expect(verdictOf(errorRate, 0.02, 'connection refused', 0.02)).toBe('fail');
  });

  test('counts below min as it counts above max', () => {
    const availability = metricOf({ threshold: { min: absolute(0.99, '99%') } });
    expect(judged(availability, 0.98, 0.97).because).toBe('error-rate is 97 %, below min 99 %, 2 looks in a row');
  });
});

describe('`for`', () => {
  const lasting = metricOf({ threshold: { max: absolute(0.01, '1%'), critical: absolute(0.05, '5%'), forMs: 2 * minute } });

  test('fails when breaches have lasted so long without a good value', () => {
    expect(verdictOf(lasting, 0.02, 0.02, 0.02, 0.02)).toBe('warn');
    expect(judged(lasting, 0.02, 0.02, 0.02, 0.02, 0.02)).toMatchObject({
      verdict: 'fail',
      because: 'error-rate is 2 %, above max 1 %, for 2m (since 14:00:30 UTC, 5 looks)',
    });
  });

  test('begins anew after a good value', () => {
    expect(verdictOf(lasting, 0.02, 0.02, 0.02, 0.001, 0.02, 0.02, 0.02, 0.02)).toBe('warn');
  });

  test('goes on through looks without a value, and fails only at a look that is a breach itself', () => {
    expect(verdictOf(lasting, 0.02, null, null, null, null, null)).toBe('inconclusive');
    expect(verdictOf(lasting, 0.02, null, null, null, null, 0.02)).toBe('fail');
  });

  test('goes on through time in which nobody looked, and the sentence says so', () => {
    const looks = [lookAt(start + 30 * second, 0.02), lookAt(start + 20 * minute, 0.02)];
    const answer = judgeMetric(lasting, looks, period);
    expect(answer.verdict).toBe('fail');
    expect(answer.because).toContain('not watched from 2026-11-20 14:00:30 UTC to 2026-11-20 14:20:00 UTC');
  });

  test('does not keep critical waiting', () => {
    expect(judged(lasting, 0.06)).toMatchObject({ verdict: 'fail', critical: true });
  });

  test('makes a pass conclusive only when its window is full', () => {
    expect(judged(lasting, 0.001, 0.001, 0.001).conclusive).toBe(false);
    expect(judged(lasting, 0.001, 0.001, 0.001, 0.001).conclusive).toBe(true);
  });

  test('asks for a full window again after a gap', () => {
    const looks = [...looksOf(0.001, 0.001, 0.001, 0.001), lookAt(start + 30 * minute, 0.001)];
    expect(judgeMetric(lasting, looks, period)).toMatchObject({ verdict: 'pass', conclusive: false });
  });
});

describe('`violations`', () => {
  const flapping = metricOf({ threshold: { max: absolute(0.01, '1%'), violations: { moreThan: 2, withinMs: 5 * minute } } });

  test('fails when more breaches fall into the window than allowed, in a row or not', () => {
    expect(judged(flapping, 0.02, 0, 0.02)).toMatchObject({ verdict: 'warn' });
    expect(judged(flapping, 0.02, 0, 0.02, 0, 0.02)).toMatchObject({
      verdict: 'fail',
      because: 'error-rate is 2 %, above max 1 %, more than 2 times within 5m',
    });
  });

  test('forgets breaches that have left the window', () => {
    const good = Array.from({ length: 9 }, () => 0);
    expect(verdictOf(flapping, 0.02, 0.02, ...good, 0.02)).toBe('warn');
    expect(verdictOf(flapping, 0.02, 0.02, ...good.slice(1), 0.02)).toBe('fail');
  });

  test('passes at a good value while the count allows it', () => {
    expect(verdictOf(flapping, 0.02, 0.02, 0)).toBe('pass');
  });

  test('counts each no of a yes/no metric', () => {
    const up = metricOf({ name: 'up', unit: 'yes-no', threshold: { violations: { moreThan: 1, withinMs: 5 * minute } } });
    expect(judged(up, 1, 1)).toMatchObject({ verdict: 'pass', because: 'up is yes, as wanted (2 values)' });
    expect(verdictOf(up, 1, 0, 1)).toBe('pass');
    expect(judged(up, 0, 1, 0)).toMatchObject({ verdict: 'fail', because: 'up is no, more than 1 times within 5m' });
  });
});

test('a yes/no metric without violations fails at the second no in a row', () => {
  const up = metricOf({ unit: 'yes-no', threshold: {} });
  expect(verdictOf(up, 0, 1, 0)).toBe('warn');
  expect(verdictOf(up, 1, 0, 0)).toBe('fail');
});

describe('`warn`', () => {
  const watched = metricOf({ threshold: { warn: absolute(0.005, '0.5%'), max: absolute(0.01, '1%') } });

  test('keeps a value from passing and never fails', () => {
    expect(judged(watched, 0.006, 0.007, 0.008)).toMatchObject({
      verdict: 'warn',
      because: 'error-rate is 0.8 %, above warn 0.5 %',
    });
  });

  test('passes again with the value', () => {
    expect(verdictOf(watched, 0.006, 0.001)).toBe('pass');
  });

  test('lies below a lone min', () => {
    const availability = metricOf({ threshold: { warn: absolute(0.995), min: absolute(0.99), critical: absolute(0.9) } });
    expect(verdictOf(availability, 0.999)).toBe('pass');
    expect(verdictOf(availability, 0.992)).toBe('warn');
    expect(judged(availability, 0.85)).toMatchObject({ verdict: 'fail', critical: true });
  });

  test('is found on the right side when there are both min and max', () => {
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

test('a look at a time that is answered already changes nothing', () => {
  const looks = looksOf(0.02);
  expect(judgeMetric(errorRate, [...looks, ...looks], period)).toMatchObject({ verdict: 'warn', measured: 1 });
});

test('a look before the period does not count', () => {
  expect(judgeMetric(errorRate, [lookAt(start - 1, 0.2)], period)).toMatchObject({ verdict: 'inconclusive', measured: 0 });
});

test('a metric that was never looked at is inconclusive and covers nothing', () => {
  expect(judgeMetric(errorRate, [], period)).toMatchObject({
    verdict: 'inconclusive',
    measured: 0,
    coveredUntil: start,
    because: 'error-rate has not been looked at yet',
  });
});
