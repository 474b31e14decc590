import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PlanMetric } from '../../../src/plan/plan.ts';
import type { Verdict } from '../../../src/contract/index.ts';
import { judgeGate, judgementOf, judgeMetric } from '../../../src/run/judge/judge.ts';
import type { Sample } from '../../../src/run/judge/sample.ts';
import { addSample } from '../../../src/run/judge/accumulate.ts';
import { newJudgeState } from '../../../src/run/judge/judge-state.ts';
import { absolute, sampleAt, metricOf, period, second, start } from './samples.ts';

const limits = { warn: absolute(5), max: absolute(10), critical: absolute(100) };

const threshold = fc
  .record({
    forMs: fc.option(fc.integer({ min: 0, max: 10 }).map((n) => n * 30 * second), { nil: undefined }),
    violations: fc.option(
      fc.record({ moreThan: fc.integer({ min: 0, max: 4 }), withinMs: fc.integer({ min: 0, max: 12 }).map((n) => n * 30 * second) }),
      { nil: undefined },
    ),
  })
  .map(({ forMs, violations }) => ({ ...limits, ...(forMs !== undefined && { forMs }), ...(violations && { violations }) }));

const metric = fc
  .record({ threshold, noData: fc.constantFrom('fail', 'pass', 'inconclusive'), shadow: fc.boolean() })
  .map((one) => metricOf({ unit: 'none', ...one }));

type Kind = 'ok' | 'warn' | 'breach' | 'critical' | 'empty' | 'nan' | 'error';
const values: Record<Kind, number | null | string> = {
  ok: 1,
  warn: 7,
  breach: 20,
  critical: 200,
  empty: null,
  nan: Number.NaN,
  error: 'connection refused',
};
const kind = fc.constantFrom<Kind>('ok', 'ok', 'ok', 'warn', 'breach', 'breach', 'critical', 'empty', 'nan', 'error');
const calm = fc.constantFrom<Kind>('ok', 'breach', 'empty', 'nan', 'error');

interface Seen {
  readonly at: number;
  readonly kind: Kind;
}
/** Mostly regular, with a gap now and then. */
const seenSamples = (of: fc.Arbitrary<Kind>) =>
  fc.array(fc.record({ kind: of, steps: fc.constantFrom(1, 1, 1, 1, 2, 9) }), { maxLength: 40 }).map((looks) => {
    let at = start;
    return looks.map((one): Seen => ({ kind: one.kind, at: (at += one.steps * period.everyMs) }));
  });
const asSamples = (seen: readonly Seen[]): readonly Sample[] => seen.map((one) => sampleAt(one.at, values[one.kind]));

/** The rules once more, over all looks from the beginning, as slowly and plainly as possible. */
function naive({ threshold: { forMs, violations }, noData }: PlanMetric, seen: readonly Seen[]): { verdict: Verdict; critical: boolean; measured: number } {
  const isValue = ({ kind: one }: Seen) => one === 'ok' || one === 'warn' || one === 'breach' || one === 'critical';
  const isBreach = ({ kind: one }: Seen) => one === 'breach' || one === 'critical' || (one === 'empty' && noData === 'fail');
  const isGood = (one: Seen) => isValue(one) && !isBreach(one);
  const failsAt = (i: number): boolean => {
    const last = seen[i]!;
    if (!isBreach(last)) return false;
    if (last.kind === 'critical') return true;
    const healed = seen.slice(0, i).findLastIndex(isGood);
    const row = seen.slice(healed + 1, i + 1).filter(isBreach);
    const within = seen.slice(0, i + 1).filter((one) => isBreach(one) && one.at >= last.at - (violations?.withinMs ?? 0));
    if (forMs === undefined && !violations) return row.length >= 2;
    return (forMs !== undefined && last.at - row[0]!.at >= forMs) || (violations !== undefined && within.length > violations.moreThan);
  };
  const measured = seen.filter(isValue).length;
  const critical = seen.some((one) => one.kind === 'critical');
  const standing = (i: number): Verdict => {
    const last = seen[i];
    if (!last) return 'inconclusive';
    const before = seen[i - 1];
    const has = seen.slice(0, i + 1).some(isValue);
    if (last.kind === 'error') return 'error';
    if (last.kind === 'nan') return 'inconclusive';
    if (last.kind === 'empty' && noData === 'inconclusive') return 'inconclusive';
    if (last.kind === 'empty' && noData === 'pass') return before && isValue(before) ? standing(i - 1) : 'inconclusive';
    if (!has) return 'inconclusive';
    return last.kind === 'ok' ? 'pass' : 'warn';
  };
  if (seen.some((_, i) => failsAt(i))) return { verdict: 'fail', critical, measured };
  return { verdict: standing(seen.length - 1), critical, measured };
}

describe('whatever the samples are', () => {
  test('judging sample by sample returns at every sample what all samples at once return', () => {
    fc.assert(
      fc.property(metric, seenSamples(kind), (of, seen) => {
        let state = newJudgeState(of, period);
        asSamples(seen).forEach((look, i) => {
          state = addSample(state, look);
          const { verdict, critical, measured } = judgementOf(state);
          expect({ verdict, critical, measured }).toEqual(naive(of, seen.slice(0, i + 1)));
        });
      }),
      { numRuns: 500 },
    );
  });

  test('a metric that measured nothing never passes, and is never called good enough', () => {
    const valueless = fc.constantFrom<Kind>('empty', 'nan', 'error');
    fc.assert(
      fc.property(metric, seenSamples(valueless), (of, seen) => {
        const { verdict, measured } = judgeMetric(of, asSamples(seen), period);
        expect(measured).toBe(0);
        expect(['pass', 'warn']).not.toContain(verdict);
      }),
    );
  });

  test('another breach never turns a failure into anything better', () => {
    const spot = fc.tuple(metric, seenSamples(calm), fc.nat());
    fc.assert(
      fc.property(spot, ([of, seen, place]) => {
        fc.pre(seen.length > 0);
        const worse = seen.map((one, i) => (i === place % seen.length ? { ...one, kind: 'breach' as const } : one));
        if (judgeMetric(of, asSamples(seen), period).verdict !== 'fail') return;
        expect(judgeMetric(of, asSamples(worse), period).verdict).toBe('fail');
      }),
      { numRuns: 500 },
    );
  });

  test('coverage is the time of the latest sample without an error, and never beyond it', () => {
    fc.assert(
      fc.property(metric, seenSamples(kind), (of, seen) => {
        const answered = seen.filter((one) => one.kind !== 'error').map(({ at }) => at);
        expect(judgeMetric(of, asSamples(seen), period).coveredUntil).toBe(answered.at(-1) ?? start);
      }),
    );
  });

  test('a shadow metric never decides', () => {
    fc.assert(
      fc.property(metric, seenSamples(kind), seenSamples(kind), (of, seen, shadowed) => {
        const decider = { metric: { name: 'a', shadow: false }, judgement: judgeMetric(of, asSamples(seen), period) };
        const shadow = { metric: { name: 'b', shadow: true }, judgement: judgeMetric(of, asSamples(shadowed), period) };
        const alone = judgeGate([decider]);
        expect(judgeGate([shadow, decider])).toEqual({ ...alone, because: expect.stringContaining(alone.because) as string });
        expect(judgeGate([shadow])).toMatchObject({ verdict: 'inconclusive', measured: 0 });
      }),
    );
  });

  test('a gate passes only when every deciding metric has measured something and passes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(metric, seenSamples(kind)), { maxLength: 4 }), (metrics) => {
        const judged = metrics.map(([of, seen]) => ({ metric: of, judgement: judgeMetric(of, asSamples(seen), period) }));
        const gate = judgeGate(judged);
        if (gate.verdict !== 'pass') return;
        const deciding = judged.filter((one) => !one.metric.shadow);
        expect(deciding.length).toBeGreaterThan(0);
        expect(gate.measured).toBeGreaterThan(0);
        for (const { judgement } of deciding) expect(judgement.verdict).toBe('pass');
      }),
      { numRuns: 300 },
    );
  });
});

test('what is kept of a metric does not grow with its samples', () => {
  const flapping = metricOf({ unit: 'count', threshold: { max: absolute(10), violations: { moreThan: 3, withinMs: 86_400 * second } } });
  let state = newJudgeState(flapping, period);
  for (let i = 1; i <= 2_880; i++) state = addSample(state, sampleAt(start + i * period.everyMs, i % 2 === 0 ? 20 : 1));
  expect(state.breachesAt).toHaveLength(4);
  expect(JSON.stringify(state).length).toBeLessThan(1_500);
});
