import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../../../src/run/simulated/virtual-clock.ts';
import { hour, metricOf, minute, refused, scripted, second, start, watching, type Scene } from './watch-fixture.ts';

/** Watches for a while, as a process that then exits. */
async function watchedFor(ms: number, scene: Scene) {
  const first = watching(scene);
  await first.clock.advance(ms);
  await first.watch.stop();
  return first;
}

const from = (at: number) => new VirtualClock(start + at);

describe('a watch that is taken up after a gap', () => {
  test('finds a breach that began and ended in the gap, where the metric answers for the past', async () => {
    const past = scripted((at) => (at >= start + 7 * hour && at < start + 7 * hour + 5 * minute ? 0.2 : 0.001), true);
    const scene: Scene = { types: { past: past.type }, op: { until: start + 24 * hour } };
    const { records } = await watchedFor(10 * minute, scene);
    const later = watching({ ...scene, earlier: records, clock: from(24 * hour + 2 * second) });
    await later.clock.advance(0);
    await later.watch.stop();
    expect(later.facts[0]).toMatchObject({ verdict: 'fail', critical: true, observedAt: start + 7 * hour });
    expect(later.facts.at(-1)?.coveredUntil).toBe(start + 24 * hour);
    expect(past.looks.flatMap(({ at }) => at)).toHaveLength(1 + 24 * 120);
    expect(Math.max(...past.looks.map(({ at }) => at.length))).toBe(500);
    for (const { window } of past.looks) expect(window.from).toBe(start);
  });

  test('says when nobody looked where the metric cannot answer for the past, and claims the end only with a fresh look', async () => {
    const scene: Scene = { types: { live: scripted(() => 0.001).type }, op: { until: start + 24 * hour } };
    const { records, facts } = await watchedFor(10 * minute, scene);
    expect(facts.at(-1)?.coveredUntil).toBeLessThanOrEqual(start + 10 * minute);
    const live = scripted(() => 0.001);
    const later = watching({ ...scene, types: { live: live.type }, earlier: records, clock: from(24 * hour + 2 * second) });
    expect(later.facts).toEqual([]);
    await later.clock.advance(0);
    await later.watch.stop();
    expect(live.looks).toHaveLength(1);
    expect(later.facts).toHaveLength(1);
    expect(later.facts[0]).toMatchObject({ verdict: 'pass', coveredUntil: start + 24 * hour, measured: 22 });
    expect(later.facts[0]?.because).toContain('not watched from 2026-11-20 14:10:00 UTC to 2026-11-21 14:00:00 UTC');
  });

  test('does not cover the end while one metric has had no fresh look', async () => {
    const types = { past: scripted(() => 0.001, true).type, live: scripted(() => 0.001).type };
    const scene: Scene = { types, op: { until: start + 2 * hour } };
    const { records } = await watchedFor(10 * minute, scene);
    const later = watching({ ...scene, types: { ...types, live: scripted(refused).type }, earlier: records, clock: from(2 * hour) });
    await later.clock.advance(10 * minute);
    await later.watch.stop();
    expect(later.facts).toHaveLength(1);
    expect(later.facts[0]).toMatchObject({ verdict: 'error', coveredUntil: start + 10 * minute });
  });

  test('counts a breach before the gap together with one after it', async () => {
    const scene: Scene = { types: { live: scripted((at) => (at >= start + 10 * minute ? 0.02 : 0.001)).type } };
    const { records, verdicts } = await watchedFor(10 * minute, scene);
    expect(verdicts().at(-1)).toBe('warn');
    const later = watching({ ...scene, earlier: records, clock: from(hour) });
    await later.clock.advance(0);
    await later.watch.stop();
    expect(later.verdicts()).toEqual(['fail']);
  });

  test('goes on with what a metric needs two looks for, without counting the first as empty', async () => {
    const scene: Scene = { types: { live: scripted(() => 0.001).type }, metrics: [metricOf({ name: 'live', uses: 'live', noData: 'fail' })] };
    const { records } = await watchedFor(10 * minute, scene);
    const empty = scripted((at) => (at === start + hour ? null : 0.001)).type;
    const later = watching({ ...scene, types: { live: empty }, earlier: records, clock: from(hour) });
    await later.clock.advance(0);
    expect(later.facts).toEqual([]);
    await later.clock.advance(30 * second);
    await later.watch.stop();
    expect(later.records.map(({ isWarmUp }) => isWarmUp)).toEqual([true, undefined]);
    expect(later.facts).toMatchObject([{ verdict: 'pass', coveredUntil: start + hour + 30 * second }]);
  });
});

test('a failure that was measured and never told is told at once', async () => {
  const scene: Scene = { types: { live: scripted(() => 0.2).type } };
  const { records } = await watchedFor(0, scene);
  const hanging = watching({ ...scene, types: { live: scripted(() => 0.001).type }, earlier: records, clock: from(second) });
  await hanging.clock.advance(0);
  await hanging.watch.stop();
  expect(hanging.facts).toMatchObject([{ verdict: 'fail', critical: true, observedAt: start }]);
});

test('looks that a source missed are asked for again when it is back', async () => {
  let isDown = false;
  const past = scripted((at) => (isDown ? refused() : at === start + 5 * minute ? 0.2 : 0.001), true);
  const view = watching({ types: { past: past.type } });
  await view.clock.advance(4 * minute);
  isDown = true;
  await view.clock.advance(4 * minute);
  isDown = false;
  await view.clock.advance(minute);
  await view.watch.stop();
  expect(view.facts.map(({ verdict, observedAt }) => [verdict, (observedAt - start) / minute])).toEqual([
    ['pass', 0],
    ['error', 4.5],
    ['fail', 5],
  ]);
  expect(view.records.filter(({ error }) => error === undefined).map(({ at }) => at)).toEqual(
    Array.from({ length: 19 }, (_, i) => start + i * 30 * second),
  );
});

test('the evidence is the same for the same measurements, taken up or not', async () => {
  const scene: Scene = { types: { a: scripted((at) => (at === start + hour ? 0.2 : 0.001), true).type } };
  const whole = await watchedFor(hour, scene);
  const half = await watchedFor(30 * minute, scene);
  const earlier = JSON.parse(JSON.stringify(half.records)) as typeof half.records;
  const rest = watching({ ...scene, earlier, clock: from(30 * minute) });
  await rest.clock.advance(30 * minute);
  await rest.watch.stop();
  expect(rest.facts.at(-1)).toEqual(whole.facts.at(-1));
  expect(whole.facts.at(-1)?.evidence).toMatch(/^[0-9a-f]{64}$/);
  expect(whole.facts[0]?.evidence).not.toBe(whole.facts.at(-1)?.evidence);
});

test('a watch that parks at every wake-up judges as one that never did', async () => {
  const value = (at: number) => (at % (7 * minute) < 30 * second ? 0.02 : at % (11 * minute) < 30 * second ? null : 0.001);
  const scene: Scene = { types: { a: scripted(value, true).type }, op: { until: start + 2 * hour }, maxBlindMs: 15 * minute };
  const whole = await watchedFor(2 * hour, scene);
  let earlier = (await watchedFor(0, scene)).records;
  let last;
  for (let at = 15 * minute; at <= 2 * hour; at += 15 * minute) {
    const awake = watching({ ...scene, earlier, clock: from(at) });
    await awake.clock.advance(0);
    await awake.watch.caughtUp;
    await awake.watch.stop();
    earlier = [...earlier, ...awake.records];
    last = awake.facts.at(-1);
  }
  expect(earlier).toEqual(whole.records);
  expect(last).toEqual(whole.facts.at(-1));
});

test('what was recorded for another step, gate or watch does not count', async () => {
  const scene: Scene = { types: { live: scripted(() => 0.2).type } };
  const { records } = await watchedFor(0, scene);
  const others = records.flatMap((one) => [{ ...one, step: 'other' }, { ...one, gate: 'other' }, { ...one, at: start - 1 }]);
  const view = watching({ types: { live: scripted(() => 0.001).type }, earlier: others });
  await view.clock.advance(0);
  await view.watch.stop();
  expect(view.facts).toMatchObject([{ verdict: 'pass', measured: 1 }]);
});

test('a look that was repeated because its baseline was down counts once when it is taken up', async () => {
  let isDown = false;
  const isOther = (config: unknown) => (config as { side: string }).side === 'baseline';
  const past = scripted((_at, config) => (isDown && isOther(config) ? refused() : 0.001), true);
  const threshold = { warn: { kind: 'relative', value: 0.5, text: '+50%' } } as const;
  const scene: Scene = { types: { past: past.type }, metrics: [metricOf({ name: 'past', uses: 'past', baseline: {}, threshold })] };
  const first = watching(scene);
  await first.clock.advance(0);
  isDown = true;
  await first.clock.advance(30 * second);
  isDown = false;
  await first.clock.advance(30 * second);
  await first.watch.stop();
  expect(first.verdicts()).toEqual(['pass', 'error', 'pass']);
  const later = watching({ ...scene, earlier: first.records, clock: from(90 * second) });
  await later.clock.advance(0);
  await later.watch.stop();
  expect(later.facts).toMatchObject([{ verdict: 'pass', measured: 4 }]);
});
