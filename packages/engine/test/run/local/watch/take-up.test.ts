import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { WatchOp } from '../../../../src/run/core/operation.ts';
import type { Fact } from '../../../../src/run/core/fact.ts';
import { checkEvidence } from '../../../../src/run/local/watch/check-evidence.ts';
import { Evidence, evidenceIn, type EvidenceLink } from '../../../../src/run/local/watch/evidence.ts';
import type { MeasurementRecord } from '../../../../src/run/measurement-record.ts';
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
  test('a watch that is taken up after a gap finds a breach that began and ended in the gap, where the metric answers for the past', async () => {
    const past = scripted((at) => (at >= start + 7 * hour && at < start + 7 * hour + 5 * minute ? 0.2 : 0.001), true);
    const scene: Scene = { types: { past: past.type }, op: { until: start + 24 * hour } };
    const { records } = await watchedFor(10 * minute, scene);
    const later = watching({ ...scene, earlier: records, clock: from(24 * hour + 2 * second) });
    await later.clock.advance(0);
    await later.watch.stop();
    expect(later.facts[0]).toMatchObject({ verdict: 'fail', critical: true, observedAt: start + 7 * hour });
    expect(later.facts.at(-1)?.coveredUntil).toBe(start + 24 * hour);
    expect(past.requests.flatMap(({ at }) => at)).toHaveLength(1 + 24 * 120);
    expect(Math.max(...past.requests.map(({ at }) => at.length))).toBe(500);
    for (const { window } of past.requests) expect(window.from).toBe(start);
  });

  test('a watch that is taken up after a gap says when nobody watched where the metric cannot answer for the past, and covers the end only with a fresh sample', async () => {
    const scene: Scene = { types: { live: scripted(() => 0.001).type }, op: { until: start + 24 * hour } };
    const { records, facts } = await watchedFor(10 * minute, scene);
    expect(facts.at(-1)?.coveredUntil).toBeLessThanOrEqual(start + 10 * minute);
    const live = scripted(() => 0.001);
    const later = watching({ ...scene, types: { live: live.type }, earlier: records, clock: from(24 * hour + 2 * second) });
    expect(later.facts).toEqual([]);
    await later.clock.advance(0);
    await later.watch.stop();
    expect(live.requests).toHaveLength(1);
    expect(later.facts).toHaveLength(1);
    expect(later.facts[0]).toMatchObject({ verdict: 'pass', coveredUntil: start + 24 * hour, measured: 22 });
    expect(later.facts[0]?.because).toContain('not watched from 2026-11-20 14:10:00 UTC to 2026-11-21 14:00:00 UTC');
  });

  test('a watch that is taken up after a gap does not cover the end while one metric has had no fresh sample', async () => {
    const types = { past: scripted(() => 0.001, true).type, live: scripted(() => 0.001).type };
    const scene: Scene = { types, op: { until: start + 2 * hour } };
    const { records } = await watchedFor(10 * minute, scene);
    const later = watching({ ...scene, types: { ...types, live: scripted(refused).type }, earlier: records, clock: from(2 * hour) });
    await later.clock.advance(10 * minute);
    await later.watch.stop();
    expect(later.facts).toHaveLength(1);
    expect(later.facts[0]).toMatchObject({ verdict: 'error', coveredUntil: start + 10 * minute });
  });

  test('a watch that is taken up after a gap counts a breach before the gap together with one after it', async () => {
    const scene: Scene = { types: { live: scripted((at) => (at >= start + 10 * minute ? 0.02 : 0.001)).type } };
    const { records, verdicts } = await watchedFor(10 * minute, scene);
    expect(verdicts().at(-1)).toBe('warn');
    const later = watching({ ...scene, earlier: records, clock: from(hour) });
    await later.clock.advance(0);
    await later.watch.stop();
    expect(later.verdicts()).toEqual(['fail']);
  });

  test('a watch that is taken up after a gap continues a metric that needs two samples without counting the first as empty', async () => {
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

test('a failure that was measured and never recorded is recorded at once', async () => {
  const scene: Scene = { types: { live: scripted(() => 0.2).type } };
  const { records } = await watchedFor(0, scene);
  const hanging = watching({ ...scene, types: { live: scripted(() => 0.001).type }, earlier: records, clock: from(second) });
  await hanging.clock.advance(0);
  await hanging.watch.stop();
  expect(hanging.facts).toMatchObject([{ verdict: 'fail', critical: true, observedAt: start }]);
});

test('samples that a source missed are taken again when it is back', async () => {
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

/** The links as they follow from what was recorded. */
function linksOf({ facts, records }: { readonly facts: readonly EvidenceLink[]; readonly records: readonly MeasurementRecord[] }): readonly EvidenceLink[] {
  const evidence = new Evidence({ key: 'production/hold!watch.health', from: start });
  let from = 0;
  return facts.map(({ records: to }) => {
    evidence.add(records.slice(from, to));
    from = to;
    return evidence.link();
  });
}

test('the evidence of each verdict follows from the one before and the measurements in between, also after the watch was taken up', async () => {
  const types = { a: scripted((at) => (at === start + hour ? 0.2 : 0.001), true).type, b: scripted(() => 0.001).type };
  const first = await watchedFor(30 * minute + second, { types });
  // The last ones were measured, but their process died before it could judge them.
  const unjudged = (await watchedFor(31 * minute, { types })).records.slice(first.records.length);
  const earlier = JSON.parse(JSON.stringify([...first.records, ...unjudged])) as typeof first.records;
  const rest = watching({ types, earlier, lastEvidence: first.facts.at(-1)!, clock: from(31 * minute + second) });
  await rest.clock.advance(30 * minute);
  await rest.watch.stop();
  const whole = { facts: [...first.facts, ...rest.facts], records: [...earlier, ...rest.records] };
  expect(whole.facts.at(-1)).toMatchObject({ verdict: 'fail' });
  expect(unjudged.length).toBeGreaterThan(0);
  expect(linksOf(whole)).toEqual(whole.facts.map(({ records, evidence }) => ({ records, evidence })));
  const changed = whole.records.map((one, i) => (i === 3 ? { ...one, query: 'another' } : one));
  expect(linksOf({ ...whole, records: changed }).at(-1)?.evidence).not.toBe(whole.facts.at(-1)?.evidence);
});

test('measurements that were changed or deleted are found by the evidence of the verdicts, and those after the last verdict are part of none', async () => {
  const { facts, records } = await watchedFor(31 * minute, { types: { a: scripted(() => 0.001).type } });
  const op = { op: 'watch', key: 'production/hold!watch.health', step: records[0]!.step, gate: records[0]!.gate, from: start, wakeEveryMs: hour, configs: {} } as const;
  const started = { fact: 'decided', seq: 1, at: start, changes: [{ do: 'start', op }] } as unknown as Fact;
  const recorded = [started, ...facts.map((fact, i) => ({ ...fact, seq: i + 2, at: start }))];
  const check = (measurements: typeof records) => () => checkEvidence({ place: 'journal.db', run: 'r', isOver: true }, recorded, JSON.parse(JSON.stringify(measurements)) as typeof records);
  const last = facts.at(-1)!.records;
  expect(last).toBeGreaterThan(1);
  expect(check(records)).not.toThrow();
  expect(check(records.slice(0, last))).not.toThrow();
  const ofAnotherGate = { ...records[0]!, gate: 'other' };
  expect(check([...records, ofAnotherGate])).toThrow(expect.objectContaining({ code: 'REL_JOURNAL_DAMAGED' }));
  for (const [broken, message] of [
    [records.map((one, i) => (i === 1 ? { ...one, value: 4444 } : one)), 'a measurement was changed'],
    [records.slice(0, last - 1), '1 measurement missing'],
    [records.slice(0, 0), 'missing'],
  ] as const) {
    expect(check(broken)).toThrow(expect.objectContaining({ code: 'REL_JOURNAL_EVIDENCE_BROKEN', message: expect.stringContaining(message) as string }));
  }
});

test('the evidence of a watch that is taken up needs no measurement from before its last verdict', async () => {
  const scene: Scene = { types: { a: scripted((at) => (at === start + hour ? 0.2 : 0.001), true).type } };
  const first = await watchedFor(30 * minute, scene);
  const last = first.facts.at(-1)!;
  const takenUp = async (earlier: readonly MeasurementRecord[]) => {
    const rest = watching({ ...scene, earlier, lastEvidence: last, clock: from(30 * minute) });
    await rest.clock.advance(30 * minute);
    await rest.watch.stop();
    return rest.facts;
  };
  const thinned = first.records.map((one, i) => (i < last.records ? { ...one, query: '', raw: null, warnings: [] } : one));
  expect(await takenUp(thinned)).toEqual(await takenUp(first.records));
});

test('a verdict that follows no other one starts its chain with the key and the beginning of the watch', () => {
  const evidence = new Evidence({ key: 'a!watch.g', from: 5 });
  const beginning = createHash('sha256').update('["a!watch.g",5]').digest('hex');
  expect(evidence.link()).toEqual({ records: 0, evidence: createHash('sha256').update(beginning).digest('hex') });
});

test('the chain of a watch that started again does not continue the old one', () => {
  const op = { op: 'watch', key: 'a!watch.g' } as WatchOp;
  const at = { seq: 1, at: 1 };
  const evaluated = { ...at, fact: 'evaluated', key: op.key, records: 2, evidence: 'e' } as Fact;
  const started = { ...at, fact: 'decided', changes: [{ do: 'start', op }] } as Fact;
  expect(evidenceIn([started, evaluated]).get(op.key)).toMatchObject({ records: 2, evidence: 'e' });
  expect(evidenceIn([started, evaluated, started]).get(op.key)).toBeUndefined();
});

test('a watch that parks at every wake-up judges as one that never did', async () => {
  const value = (at: number) => (at % (7 * minute) < 30 * second ? 0.02 : at % (11 * minute) < 30 * second ? null : 0.001);
  const scene: Scene = { types: { a: scripted(value, true).type }, op: { until: start + 2 * hour }, wakeEveryMs: 15 * minute };
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
  // Between two wake-ups it records fewer verdicts, so that its chain has fewer links.
  expect({ ...last, evidence: '' }).toEqual({ ...whole.facts.at(-1), evidence: '' });
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

test('a sample that was repeated because its baseline was down counts once when it is taken up', async () => {
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
