import type { Ms } from '../../../model/ms.ts';
import type { WatchOp } from '../../core/operation.ts';
import type { MeasurementRecord } from '../../measurement-record.ts';
import { judgeGate } from '../../judge/judge-gate.ts';
import { judgementOf } from '../../judge/judge-metric.ts';
import { Evidence } from './evidence.ts';
import { lookAtMetric, looksDue } from './look-at-metric.ts';
import { latestLookBy, nextLookAfter, type Timetable } from './look-times.ts';
import { earlierOf, metricWatchOf, takeIn, type MetricWatch, type WatchDeps } from './metric-watch.ts';
import { isUrgent, isWorthTelling, type Told } from './told.ts';
import { waitUntil } from '../clock.ts';

/** One gate while it is watched. */
export interface Watch {
  /**
   * Every metric has had a sample that counts in this process, and what was missed is made up for: parking before that would mean that
   * the gate is never evaluated.
   */
  readonly caughtUp: Promise<unknown>;
  /** Resolves when nothing of it will be recorded any more; samples under way are aborted. */
  stop(): Promise<void>;
}

/**
 * Watches a gate until it is stopped: looks at `from`, at every interval after it and at `until`, records every measurement, and gives a
 * `judged` fact when there is something new to say. After a gap, metrics that answer for the past are asked for what was missed; of
 * the others the judgement says from when to when nobody looked, and covers the end of a hold only with a fresh look after it.
 */
export function watchGate(op: WatchOp, deps: WatchDeps): Watch {
  const stopping = new AbortController();
  const caughtUp = Promise.withResolvers<undefined>();
  const hasCaughtUp = (): void => caughtUp.resolve(undefined);
  const run = async (): Promise<void> => new GateWatch(op, deps, await earlierOf(op, deps), stopping.signal).run(hasCaughtUp);
  const over = run()
    .catch((error: unknown) => {
      stopping.abort();
      deps.onBroken(error);
    })
    .finally(hasCaughtUp);
  const stop = (): Promise<void> => {
    stopping.abort();
    return over;
  };
  return { caughtUp: caughtUp.promise, stop };
}

class GateWatch {
  readonly #op: WatchOp;
  readonly #deps: WatchDeps;
  readonly #stop: AbortSignal;
  readonly #timetable: Timetable;
  readonly #metrics: readonly MetricWatch[];
  readonly #evidence: Evidence;
  /** One after the other, so that the order of the evidence is the order in the store. */
  #recording: Promise<void> = Promise.resolve();
  #told: Told | undefined;

  constructor(op: WatchOp, deps: WatchDeps, earlier: readonly MeasurementRecord[], stop: AbortSignal) {
    this.#op = op;
    this.#deps = deps;
    this.#stop = stop;
    this.#timetable = { from: op.from, everyMs: deps.gate.everyMs, ...(op.until !== undefined && { until: op.until }) };
    this.#metrics = deps.gate.metrics.map((metric) => metricWatchOf(metric, op, deps, earlier));
    this.#evidence = new Evidence(op, deps.lastEvidence);
    // What was measured after the last verdict is part of the next one, also when its process died before it could judge.
    this.#evidence.add(earlier.slice(deps.lastEvidence?.records ?? 0));
  }

  async run(hasCaughtUp: () => void): Promise<void> {
    let lookedAt = Math.max(...this.#metrics.map(({ askedUntil }) => askedUntil));
    // A failure that was measured, and perhaps never told because the process died.
    this.#tellIf(isUrgent, lookedAt);
    while (await waitUntil(this.#deps.clock, nextLookAfter(this.#timetable, lookedAt), this.#stop)) {
      const latest = latestLookBy(this.#timetable, this.#deps.clock.now()) ?? lookedAt;
      while (await this.#round(latest));
      lookedAt = Math.max(lookedAt, latest);
      if (this.#hasLooked()) hasCaughtUp();
    }
  }

  /** Every metric that is behind is asked once; gives whether it is worth asking again at once. */
  async #round(latest: Ms): Promise<boolean> {
    const behind = this.#metrics.map((watch) => ({ watch, due: looksDue(watch, this.#timetable, latest) }));
    const asked = behind.filter(({ due }) => due.length > 0);
    const gotFurther = await Promise.all(asked.map(({ watch, due }) => this.#look(watch, due, latest)));
    if (this.#stop.aborted) return false;
    const isCatchingUp = asked.some(({ watch }, i) => gotFurther[i] === true && watch.askedUntil < latest);
    // What a former process saw is no news, and no reason to pass.
    if (!isCatchingUp && this.#hasLooked())
      this.#tellIf((now, told) => isWorthTelling(now, told, this.#op.until, this.#op.maxBlindMs), latest);
    return isCatchingUp;
  }

  async #look(watch: MetricWatch, due: readonly Ms[], latest: Ms): Promise<boolean> {
    const before = watch.askedUntil;
    const found = await lookAtMetric(watch, due, this.#op.from, this.#stop);
    if (this.#stop.aborted) return false;
    const records = found.map((record) => this.#deps.masked(record));
    await this.#record(records);
    takeIn(watch, records);
    this.#tellIf(isUrgent, latest);
    return watch.askedUntil > before;
  }

  #record(records: readonly MeasurementRecord[]): Promise<void> {
    this.#recording = this.#recording.then(async () => {
      await this.#deps.onMeasured(records);
      this.#evidence.add(records);
    });
    return this.#recording;
  }

  /** Every metric has had a look in this process that counts. */
  #hasLooked(): boolean {
    return this.#metrics.every(({ hasLooked }) => hasLooked);
  }

  #tellIf(isWanted: (now: Told, told: Told | undefined) => boolean, lookedAt: Ms): void {
    const judgement = judgeGate(this.#metrics.map(({ metric, judged }) => ({ metric, judgement: judgementOf(judged) })));
    const now = { ...judgement, lookedAt };
    if (!isWanted(now, this.#told)) return;
    this.#told = now;
    this.#deps.onBody({ fact: 'evaluated', key: this.#op.key, ...judgement, ...this.#evidence.link() });
  }
}
