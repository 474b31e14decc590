import { describe, expect, test } from 'vitest';
import type { PlanMetric } from '../../../src/plan/plan.ts';
import { addSample } from '../../../src/run/judge/accumulate.ts';
import { newJudgeState } from '../../../src/run/judge/judge-state.ts';
import { absolute, judged, metricOf, minute, period, sampleAt, second, start, verdictOf } from './samples.ts';

const limits = { threshold: { max: absolute(0.01, '1%') } };
/** Each value is about the last minute, and a sample is taken every 30 s. */
const windowed = metricOf({ ...limits, windowMs: minute });

describe('a metric whose values reach back', () => {
  test('the second breach fails only when its window shares no time with the first', () => {
    expect(judged(windowed, 0.02, 0.02)).toMatchObject({
      verdict: 'warn',
      because: 'error-rate is 2 %, above max 1 %; fails if it still breaches at 14:01:30 UTC, one window later',
    });
    expect(judged(windowed, 0.02, 0.02, 0.02)).toMatchObject({
      verdict: 'fail',
      because: 'error-rate is 2 %, above max 1 %, 3 samples in a row for its window of 1m',
    });
  });

  test('a good value in between starts again', () => {
    expect(verdictOf(windowed, 0.02, 0.02, 0.001, 0.02, 0.02)).toBe('warn');
  });

  test('a window that is not longer than the interval needs the next sample, as before', () => {
    const short = metricOf({ ...limits, windowMs: 30 * second });
    expect(judged(short, 0.02).because).toBe('error-rate is 2 %, above max 1 %; fails if the next sample also breaches');
    expect(verdictOf(short, 0.02, 0.02)).toBe('fail');
  });

  test('`critical`, `for` and `violations` say themselves how many samples they need', () => {
    expect(verdictOf(metricOf({ windowMs: minute }), 0.06)).toBe('fail');
    expect(verdictOf(metricOf({ threshold: { ...limits.threshold, forMs: 30 * second }, windowMs: minute }), 0.02, 0.02)).toBe('fail');
    const often = { ...limits.threshold, violations: { moreThan: 1, withinMs: 5 * minute } };
    expect(verdictOf(metricOf({ threshold: often, windowMs: minute }), 0.02, 0.02)).toBe('fail');
  });

  test('a plan of a version that did not know windows is judged as it was: the second sample in a row fails', () => {
    expect(verdictOf(metricOf(limits), 0.02, 0.02)).toBe('fail');
  });
});

const day = 24 * 60 * minute;

/** Numbers that look random and are the same in each run (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How often something happens that happens `mean` times on average (Knuth). */
function poisson(mean: number, random: () => number): number {
  let count = 0;
  for (let product = random(); product > Math.exp(-mean); product *= random()) count++;
  return count;
}

/** Whether a hold of a day rolls back a release with this rate of errors: a limit of 1 %, a window of a minute, a sample every 30 s. */
function isRolledBack(metric: PlanMetric, perSecond: number, errorRate: number, seed: number): boolean {
  const random = randomFrom(seed);
  const halfMinute = (): { errors: number; requests: number } => {
    const requests = poisson(perSecond * 30, random);
    return { errors: poisson(requests * errorRate, random), requests };
  };
  let state = newJudgeState(metric, period);
  let [before, now] = [halfMinute(), halfMinute()];
  for (let at = start + minute; at <= start + day; at += period.everyMs) {
    const requests = before.requests + now.requests;
    state = addSample(state, sampleAt(at, requests === 0 ? null : (before.errors + now.errors) / requests));
    if (state.current.verdict === 'fail') return true;
    [before, now] = [now, halfMinute()];
  }
  return false;
}

const releases = 40;
const shareRolledBack = (metric: PlanMetric, perSecond: number, errorRate: number): number =>
  Array.from({ length: releases }, (_, n) => isRolledBack(metric, perSecond, errorRate, n + 1)).filter(Boolean).length / releases;

describe('good releases, whose true rate of errors is a tenth of the limit, in a hold of 24 h', () => {
  test.each([
    { perSecond: 5, beforeAtLeast: 0.35, nowAtMost: 0.02 },
    { perSecond: 0.5, beforeAtLeast: 0.95, nowAtMost: 0.8 },
  ])('fewer are rolled back at $perSecond requests/s than by the second sample in a row', ({ perSecond, beforeAtLeast, nowAtMost }) => {
    const [before, now] = [shareRolledBack(metricOf(limits), perSecond, 0.001), shareRolledBack(windowed, perSecond, 0.001)];
    expect(before).toBeGreaterThanOrEqual(beforeAtLeast);
    expect(now).toBeLessThanOrEqual(nowAtMost);
  });

  test('a release with five times the limit is still rolled back', () => {
    expect(shareRolledBack(windowed, 5, 0.05)).toBe(1);
    expect(shareRolledBack(windowed, 0.5, 0.05)).toBe(1);
  });
});
