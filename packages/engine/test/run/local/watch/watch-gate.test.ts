import { describe, expect, test } from 'vitest';
import { absolute } from '../../judge/samples.ts';
import { acting, hour, metricOf, minute, refused, scripted, second, seen, start, watching, type Script } from './watch-fixture.ts';

const whole = { at: start, value: 0.001, query: '', raw: null, warnings: [] };
const cyclic: Record<string, unknown> = {};
cyclic['itself'] = cyclic;
const nested = (depth: number): unknown => Array.from({ length: depth }).reduce<unknown>((inside) => [inside], 0);

describe('a gate that is watched', () => {
  test('a gate that is watched is sampled when it begins, at every interval after it, and at the end of the hold', async () => {
    const { type, requests } = scripted(() => 0.001);
    const { watch, clock } = watching({ types: { a: type }, op: { until: start + 100 * second } });
    await clock.advance(2 * minute);
    await watch.stop();
    expect(requests.map(({ at }) => at.map((one) => (one - start) / second))).toEqual([[0], [30], [60], [90], [100], [120]]);
  });

  test('a gate that is watched is never asked for a window that begins before the watch', async () => {
    const { type, requests } = scripted(() => 0.001);
    const { watch, clock } = watching({ types: { a: type } });
    await clock.advance(hour);
    await watch.stop();
    for (const { window, at } of requests) expect(window).toEqual({ from: start, to: at.at(-1) });
  });

  test('a gate that is watched does not drift when measuring takes time', async () => {
    const sampledAt: number[] = [];
    const slow = acting(async ({ at }, context) => {
      sampledAt.push(context.clock.now() - start);
      await context.clock.sleep(7 * second);
      return [seen(at[0] ?? 0, 0.001)];
    });
    const { watch, clock } = watching({ types: { slow } });
    await clock.advance(5 * minute);
    await watch.stop();
    expect(sampledAt).toEqual(Array.from({ length: 11 }, (_, i) => i * 30 * second));
  });

  test('a gate that is watched has its measurements recorded before the fact that rests on them', async () => {
    const { watch, clock, story, records } = watching({ types: { a: scripted(() => 0.001).type } });
    await clock.advance(0);
    await watch.stop();
    expect(story).toEqual(['measured', 'evaluated']);
    expect(records).toEqual([
      { step: 'production/hold', gate: 'health', metric: 'a', side: 'candidate', at: start, value: 0.001, query: `at ${start}`, raw: 0.001, warnings: [] },
    ]);
  });

  test('a gate that is watched hands over a fact only when its verdict has changed or is due', async () => {
    const { type } = scripted((at) => (at === start + 10 * minute ? null : 0.001));
    const { watch, clock, facts } = watching({ types: { a: type }, op: { until: start + 40 * minute } });
    await clock.advance(hour);
    await watch.stop();
    expect(facts.map(({ verdict, observedAt }) => [verdict, (observedAt - start) / minute])).toEqual([
      ['pass', 0],
      ['inconclusive', 10],
      ['pass', 10.5],
      ['pass', 25.5],
      ['pass', 40],
      ['pass', 55],
    ]);
  });

  test('a gate that is watched covers the end of the hold with that very sample', async () => {
    const { watch, clock, facts } = watching({ types: { a: scripted(() => 0.001).type }, op: { until: start + 45 * second } });
    await clock.advance(45 * second);
    await watch.stop();
    expect(facts.at(-1)).toMatchObject({ verdict: 'pass', coveredUntil: start + 45 * second, measured: 3 });
  });

  test('a gate that is watched continues after the end of the hold until it passes', async () => {
    const { type } = scripted((at) => (at < start + 3 * minute ? null : 0.001));
    const { watch, clock, facts } = watching({ types: { a: type }, op: { until: start + minute } });
    await clock.advance(5 * minute);
    await watch.stop();
    expect(facts.map(({ verdict, coveredUntil }) => [verdict, (coveredUntil - start) / second])).toEqual([
      ['inconclusive', 30],
      ['inconclusive', 60],
      ['pass', 180],
    ]);
  });

  test('a gate that is watched finds a critical breach with the next sample and says so in the fact', async () => {
    const { watch, clock, facts } = watching({ types: { a: scripted((at) => (at >= start + hour ? 0.2 : 0.001)).type } });
    await clock.advance(hour);
    await watch.stop();
    expect(facts.at(-1)).toMatchObject({
      verdict: 'fail',
      critical: true,
      conclusive: true,
      because: 'a is 20 %, above critical 5 %',
      observedAt: start + hour,
    });
  });

  test('a gate that is watched does not wait for a slow metric to report the failure of another', async () => {
    const slow = acting(async ({ at }, context) => {
      await context.clock.sleep(20 * second);
      return [seen(at[0] ?? 0, 0.001)];
    });
    const { watch, clock, verdicts } = watching({ types: { slow, a: scripted(() => 0.2).type } });
    await clock.advance(1);
    expect(verdicts()).toEqual(['fail']);
    await watch.stop();
  });

  test('a gate that is watched becomes critical after it has failed', async () => {
    const { watch, clock, facts } = watching({ types: { a: scripted((at) => (at >= start + 5 * minute ? 0.2 : 0.02)).type } });
    await clock.advance(10 * minute);
    await watch.stop();
    expect(facts.map(({ verdict, critical }) => [verdict, critical])).toEqual([['warn', false], ['fail', false], ['fail', true]]);
  });

  test('a gate that is watched measures baselines with their own configuration', async () => {
    const { type } = scripted((_at, config) => ((config as { side: string }).side === 'baseline' ? 0.1 : 0.2));
    const metric = metricOf({ name: 'a', uses: 'a', unit: 'seconds', baseline: {}, threshold: { warn: { kind: 'relative', value: 0.5, text: '+50%' } } });
    const { watch, clock, facts, records } = watching({ types: { a: type }, metrics: [metric] });
    await clock.advance(0);
    await watch.stop();
    expect(records.map(({ side, value }) => [side, value])).toEqual([['candidate', 0.2], ['baseline', 0.1]]);
    expect(facts[0]?.because).toBe('a is 200 ms, above warn +50% of the baseline 100 ms (150 ms)');
  });
});

describe('a metric that needs two samples', () => {
  test('a metric that needs two samples is not judged by its first, empty one', async () => {
    const { type } = scripted((at) => (at === start ? null : 0.001));
    const { watch, clock, facts, records } = watching({ types: { a: type }, metrics: [metricOf({ name: 'a', uses: 'a', noData: 'fail' })] });
    await clock.advance(30 * second);
    await watch.stop();
    expect(facts.map(({ verdict, measured }) => [verdict, measured])).toEqual([['pass', 1]]);
    expect(records[0]).toMatchObject({ value: null, isWarmUp: true });
  });

  test('a metric that needs two samples is judged by its second, empty or not', async () => {
    const { watch, clock, verdicts } = watching({ types: { a: scripted(() => null).type } });
    await clock.advance(30 * second);
    await watch.stop();
    expect(verdicts()).toEqual(['inconclusive']);
  });
});

describe('a metric that cannot be measured', () => {
  test('a metric that cannot be measured is an error with its reason, and the gate passes again when it can', async () => {
    const { type } = scripted((at) => (at === start + minute ? refused() : 0.001));
    const { watch, clock, facts, records } = watching({ types: { a: type } });
    await clock.advance(2 * minute);
    await watch.stop();
    expect(facts.map(({ verdict, because }) => [verdict, because])).toEqual([
      ['pass', expect.stringContaining('a is 0.1 %')],
      ['error', 'a could not be measured: connection refused (TEST_REFUSED)'],
      ['pass', expect.stringContaining('a is 0.1 %')],
    ]);
    expect(records[2]).toMatchObject({ at: start + minute, value: null, error: 'connection refused (TEST_REFUSED)' });
  });

  test('a metric that cannot be measured of a type that no plugin provides is an error that names it', async () => {
    const { watch, clock, facts } = watching({ types: {}, metrics: [metricOf({ name: 'a', uses: 'gone.query' })] });
    await clock.advance(0);
    await watch.stop();
    expect(facts[0]?.because).toContain('no loaded plugin provides the metric type gone.query');
  });

  test.each([['1970', 0], ['in eleven days', start + 11 * 24 * 60 * minute]])('a measurement of another time is an error of the sample: %s', async (_when, at) => {
    const stray = acting(async () => [{ at, value: 0.001, query: '', raw: null, warnings: [] }]);
    const { watch, clock, facts } = watching({ types: { a: stray } });
    await clock.advance(0);
    await watch.stop();
    expect(facts[0]).toMatchObject({ verdict: 'error', because: expect.stringContaining(new Date(at).toISOString()) as string });
  });

  test.each([
    ['a text', 'many', 'did not return a list of measurements'],
    ['nothing', undefined, 'did not return a list of measurements'],
    ['a list of nothing', [null], 'did not return a list of measurements'],
    ['a value that is a text', [{ ...whole, value: 'many' }], 'an invalid "value"'],
    ['a time without end', [{ ...whole, at: Infinity }], 'an invalid "at"'],
    ['a query that is an object', [{ ...whole, query: {} }], 'an invalid "query"'],
    ['a warning that is an object', [{ ...whole, warnings: [{}] }], 'an invalid "warnings"'],
    ['a size of the sample that is a text', [{ ...whole, samples: '7' }], 'an invalid "samples"'],
    ['a series that is an object', [{ ...whole, series: { pod: 'a' } }], 'an invalid "series"'],
    ['an answer that contains itself', [{ ...whole, raw: cyclic }], '"raw" cannot be recorded: it contains itself'],
    ['an answer that is too deep', [{ ...whole, raw: nested(5_000) }], '"raw" cannot be recorded: it is nested more than 100 levels deep'],
    ['an answer with a bigint', [{ ...whole, raw: { n: 7n } }], '"raw" cannot be recorded: it contains a bigint'],
    ['an answer that throws', [{ ...whole, raw: { get n() { throw new Error('gone'); } } }], '"raw" cannot be recorded: gone'],
  ])('a metric that returns %s is an error of its sample that says so', async (_what, answer, message) => {
    const odd = acting(async () => answer as never);
    const { watch, clock, facts, records, broken } = watching({ types: { odd } });
    await clock.advance(0);
    await watch.stop();
    expect({ verdict: facts[0]?.verdict, error: records[0]?.error, broken }).toEqual({ verdict: 'error', error: expect.stringContaining(message) as string, broken: [] });
  });

  test('a metric may return more than the contract asks for, and dates and undefined fields in its answer: only data is recorded', async () => {
    const odd = acting(async () => [{ ...whole, extra: cyclic, raw: { at: new Date(0), none: undefined, list: [undefined, Number.NaN] } as never }]);
    const { watch, clock, records } = watching({ types: { odd } });
    await clock.advance(0);
    await watch.stop();
    expect(records).toEqual([expect.objectContaining({ value: 0.001, raw: { at: '1970-01-01T00:00:00.000Z', list: [null, null] } })]);
    expect(JSON.stringify(records)).not.toContain('extra');
  });

  test('a metric that cannot be measured is an error when it does not answer within the interval, and its samples never overlap', async () => {
    let asking = 0;
    let most = 0;
    const deaf = acting(async ({ at }) => {
      most = Math.max(most, ++asking);
      const { promise, resolve } = Promise.withResolvers<undefined>();
      view.clock.after(100 * second, () => resolve(undefined));
      await promise;
      asking--;
      return [seen(at[0] ?? 0, 0.001)];
    });
    const view = watching({ types: { deaf } });
    await view.clock.advance(5 * minute);
    await view.watch.stop();
    expect(most).toBe(1);
    expect(view.facts.map(({ verdict }) => verdict)).toEqual(['error']);
    expect(view.records[0]?.error).toBe('no answer within 30000 ms');
    expect(view.records[1]?.error).toBe('the previous sample is still under way');
  });

  test('a metric that cannot be measured may still report what running out of time means to it', async () => {
    const health = acting(({ at }, { signal }) => {
      const { promise, resolve } = Promise.withResolvers<readonly ReturnType<typeof seen>[]>();
      signal.addEventListener('abort', () => resolve([seen(at[0] ?? 0, 0)]));
      return promise;
    });
    const up = metricOf({ name: 'health', uses: 'health', unit: 'yes-no', threshold: {} });
    const { watch, clock, verdicts } = watching({ types: { health }, metrics: [up] });
    await clock.advance(2 * minute);
    await watch.stop();
    expect(verdicts()).toEqual(['warn', 'fail']);
  });
});

describe('stopping', () => {
  test('stopping a watch rolls back a sample under way, and nothing of it is recorded', async () => {
    const signals: AbortSignal[] = [];
    const hanging = acting((_look, { signal }) => {
      signals.push(signal);
      return new Promise(() => undefined);
    });
    const { watch, clock, records, facts, broken } = watching({ types: { hanging } });
    await clock.advance(second);
    await watch.stop();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect([records, facts, broken]).toEqual([[], [], []]);
  });

  test('stopping a watch twice is the same as once, and leaves no alarm', async () => {
    const { type, requests } = scripted(() => 0.001);
    const { watch, clock } = watching({ types: { a: type } });
    await clock.advance(second);
    await Promise.all([watch.stop(), watch.stop()]);
    await clock.advance(hour);
    expect(requests).toHaveLength(1);
    expect(clock.alarms).toBe(0);
  });
});

test('a watch that cannot record any more ends and says why', async () => {
  const full = new Error('no space left');
  const { watch, clock, facts, broken } = watching({
    types: { a: scripted(() => 0.001).type, b: scripted(() => 0.001).type },
    onMeasured: () => {
      throw full;
    },
  });
  await clock.advance(hour);
  await watch.caughtUp;
  expect(broken).toEqual([full]);
  expect(facts).toEqual([]);
});

test('a watch has caught up when every metric has had a sample that counts', async () => {
  const warming = scripted((at) => (at === start ? null : 0.001)).type;
  const { watch, clock } = watching({ types: { a: scripted(() => 0.001).type, warming } });
  let caughtUpAt = -1;
  void watch.caughtUp.then(() => (caughtUpAt = clock.now() - start));
  await clock.advance(minute);
  await watch.stop();
  expect(caughtUpAt).toBe(30 * second);
});

describe('a gate that a step waits for, with a limit that needs ten minutes', () => {
  const lasting = metricOf({ name: 'a', uses: 'a', threshold: { max: absolute(0.01, '1%'), forMs: 10 * minute } });

  test('gate-passes-and-waits-in-silence: a gate that passes says for how long it still has to be watched, and until when', async () => {
    const { watch, clock, facts } = watching({ types: { a: scripted(() => 0.001).type }, metrics: [lasting], isAwaited: true });
    await clock.advance(11 * minute);
    await watch.stop();
    expect(facts.map(({ verdict, because, conclusive }) => [verdict, conclusive, because.includes('has to be watched')])).toEqual([['pass', false, true], ['pass', true, false]]);
    expect(facts[0]?.because).toMatch(/; has to be watched for 10m, until \d\d:\d\d:\d\d UTC$/);
  });

  test('a gate that passes says nothing of it where its step does not wait for the gate', async () => {
    const { watch, clock, facts } = watching({ types: { a: scripted(() => 0.001).type }, metrics: [lasting] });
    await clock.advance(0);
    await watch.stop();
    expect(facts.map(({ because }) => because)).toEqual([expect.not.stringContaining('watched')]);
  });

  const [good, bad, nothing] = [0.001, 0.02, null].map((value): Script => () => value) as [Script, Script, Script];
  test.for([
    ['fills its window only while it is watched, if the metric cannot be asked about the past', false, good, 9, true],
    ['fills its window also while nobody watches, if the metric answers for the past', true, good, 9, false],
    ['has filled its window after that time', false, good, 11, false],
    ['fills no window while it has no value', false, nothing, 9, false],
    ['fills no window while a breach is open', false, bad, 9, false],
  ] as const)('a gate %s', async ([, answersForThePast, value, minutes, isFilling]) => {
    const { watch, clock } = watching({ types: { a: scripted(value, answersForThePast).type }, metrics: [lasting], isAwaited: true });
    expect(watch.isFilling()).toBe(false);
    await clock.advance(minutes * minute);
    expect(watch.isFilling()).toBe(isFilling);
    await watch.stop();
  });
});
