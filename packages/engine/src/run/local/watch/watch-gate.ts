import { printDuration } from '../../../expressions/quantities/duration.ts';
import type { Ms } from '../../../model/ms.ts';
import type { WatchOp } from '../../core/operation.ts';
import { fillingWindowOf, judgeGate, judgementOf, type Judgement } from '../../judge/judge.ts';
import { timeText } from '../../judge/texts.ts';
import type { MeasurementRecord } from '../../measurement-record.ts';
import { waitUntil } from '../clock.ts';
import { Evidence } from './evidence.ts';
import { earlierOf, metricWatchOf, takeSamples, type MetricWatch, type WatchDeps } from './metric-watch.ts';
import { sampleMetric, samplesDue } from './sample-metric.ts';
import { latestSampleBy, nextSampleAfter, type Timetable } from './sample-times.ts';

/** One gate while it is watched. */
export interface Watch {
  /**
   * Every metric has had a sample that counts in this process, and what was missed is made up for: parking before that would mean that
   * the gate is never evaluated.
   */
  readonly caughtUp: Promise<unknown>;
  /** A window fills that its step waits for, of a metric that cannot be asked about the past: it would be empty again after a pause. */
  isFilling(): boolean;
  /** Resolves when nothing of it will be recorded any more; samples under way are aborted. */
  stop(): Promise<void>;
}

/**
 * Watches a gate until it is stopped: takes samples at `from`, at every interval after it and at `until`, records every measurement, and
 * hands over an `evaluated` fact when the verdict has changed or is due. After a gap, metrics that answer for the past are asked for what was
 * missed; of the others the verdict says from when to when nobody watched, and covers the end of a hold only with a fresh sample after it.
 */
export function watchGate(op: WatchOp, deps: WatchDeps): Watch {
  const stopping = new AbortController();
  const caughtUp = Promise.withResolvers<undefined>();
  const hasCaughtUp = (): void => caughtUp.resolve(undefined);
  let watch: GateWatch | undefined;
  const run = async (): Promise<void> => {
    watch = new GateWatch(op, deps, await earlierOf(op, deps), stopping.signal);
    await watch.run(hasCaughtUp);
  };
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
  return { caughtUp: caughtUp.promise, isFilling: () => watch?.isFilling() ?? false, stop };
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
  #recorded: LastVerdict | undefined;

  constructor(op: WatchOp, deps: WatchDeps, earlier: readonly MeasurementRecord[], stop: AbortSignal) {
    this.#op = op;
    this.#deps = deps;
    this.#stop = stop;
    this.#timetable = { from: op.from, everyMs: deps.gate.everyMs, ...(op.until !== undefined && { until: op.until }) };
    this.#metrics = deps.gate.metrics.map((metric) => metricWatchOf(metric, op, deps, earlier));
    this.#evidence = new Evidence(op, deps.lastEvidence);
    // Measurements after the last verdict are part of the next one, also when their process exited before it could evaluate them.
    this.#evidence.add(earlier.slice(deps.lastEvidence?.records ?? 0));
  }

  async run(hasCaughtUp: () => void): Promise<void> {
    let sampledAt = Math.max(...this.#metrics.map(({ sampledUntil }) => sampledUntil));
    // A failure that was measured, and perhaps never recorded because the process died.
    this.#judge(isUrgent, sampledAt);
    while (await waitUntil(this.#deps.clock, nextSampleAfter(this.#timetable, sampledAt), this.#stop)) {
      const latest = latestSampleBy(this.#timetable, this.#deps.clock.now()) ?? sampledAt;
      while (await this.#round(latest));
      sampledAt = Math.max(sampledAt, latest);
      if (this.#hasSampled()) hasCaughtUp();
    }
  }

  /** As of the last verdict that was recorded: the next one wakes the run. */
  isFilling(): boolean {
    return this.#recorded !== undefined && this.#filling(this.#recorded).some(({ answersForThePast }) => !answersForThePast);
  }

  /** The metrics whose windows keep the verdict from being conclusive, where the step waits for that. */
  #filling({ verdict, conclusive }: Judgement): readonly MetricWatch[] {
    if (!this.#deps.isAwaited || conclusive || (verdict !== 'pass' && verdict !== 'warn')) return [];
    return this.#metrics.filter(({ metric, judged }) => !metric.shadow && fillingWindowOf(judged) !== undefined);
  }

  /** Samples every metric that is behind once; returns whether one of them is still behind and can catch up. */
  async #round(latest: Ms): Promise<boolean> {
    const behind = this.#metrics.map((watch) => ({ watch, due: samplesDue(watch, this.#timetable, latest) }));
    const sampled = behind.filter(({ due }) => due.length > 0);
    const gotFurther = await Promise.all(sampled.map(({ watch, due }) => this.#sample(watch, due, latest)));
    if (this.#stop.aborted) return false;
    const isCatchingUp = sampled.some(({ watch }, i) => gotFurther[i] === true && watch.sampledUntil < latest);
    // Samples of a previous process are not new, and not a reason to pass.
    if (!isCatchingUp && this.#hasSampled()) this.#judge((now, last) => isWorthRecording(now, last, this.#op), latest);
    return isCatchingUp;
  }

  async #sample(watch: MetricWatch, due: readonly Ms[], latest: Ms): Promise<boolean> {
    const before = watch.sampledUntil;
    const found = await sampleMetric(watch, due, this.#op.from, this.#stop);
    if (this.#stop.aborted) return false;
    const records = found.map((record) => this.#deps.masked(record));
    await this.#record(records);
    takeSamples(watch, records);
    this.#judge(isUrgent, latest);
    return watch.sampledUntil > before;
  }

  #record(records: readonly MeasurementRecord[]): Promise<void> {
    this.#recording = this.#recording.then(async () => {
      await this.#deps.onMeasured(records);
      this.#evidence.add(records);
    });
    return this.#recording;
  }

  /** Every metric has had a sample in this process that counts. */
  #hasSampled(): boolean {
    return this.#metrics.every(({ hasSampled }) => hasSampled);
  }

  #judge(isRecorded: (now: LastVerdict, last: LastVerdict | undefined) => boolean, sampledAt: Ms): void {
    const judgement = judgeGate(this.#metrics.map(({ metric, judged }) => ({ metric, judgement: judgementOf(judged) })));
    const now = { ...judgement, sampledAt };
    if (!isRecorded(now, this.#recorded)) return;
    this.#recorded = now;
    const because = `${judgement.because}${whatIsMissing(this.#filling(judgement))}`;
    this.#deps.onBody({ fact: 'evaluated', key: this.#op.key, ...judgement, because, ...this.#evidence.link() });
  }
}

function whatIsMissing(filling: readonly MetricWatch[]): string {
  const windows = filling.flatMap(({ judged }) => fillingWindowOf(judged) ?? []).sort((a, b) => b.fullAt - a.fullAt);
  const [last] = windows;
  return last === undefined ? '' : `; has to be watched for ${printDuration(last.lengthMs)}, until ${timeText(last.fullAt)}`;
}

/** A judgement, and the sample at which it was made. */
interface LastVerdict extends Judgement {
  readonly sampledAt: Ms;
}

/** It cannot wait until the other metrics have answered. */
const isUrgent = (now: LastVerdict, last: LastVerdict | undefined): boolean =>
  now.verdict === 'fail' && (last?.verdict !== 'fail' || now.critical !== last.critical);

/** It says more than the last one that was recorded: samples are many, facts are few. */
function isWorthRecording(now: LastVerdict, last: LastVerdict | undefined, { until, wakeEveryMs }: WatchOp): boolean {
  if (last === undefined) return true;
  const coversTheEnd = until !== undefined && last.coveredUntil < until && now.coveredUntil >= until;
  // Also when it could not measure then: the decision at the end waits for that answer.
  const triedTheEnd = until !== undefined && last.sampledAt < until && now.sampledAt >= until;
  return coversTheEnd || triedTheEnd || isOther(now, last) || now.sampledAt - last.sampledAt >= wakeEveryMs;
}

const isOther = (now: LastVerdict, last: LastVerdict): boolean =>
  now.verdict !== last.verdict || now.critical !== last.critical || now.conclusive !== last.conclusive;
