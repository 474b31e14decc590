import type { TSchema } from 'typebox';
import type { MeasureContext, MetricType } from '../../../contract/index.ts';
import type { Ms } from '../../../model/ms.ts';
import type { PlanGate, PlanMetric } from '../../../plan/plan.ts';
import type { PluginRegistry } from '../../../plugins/registry.ts';
import type { FactBody } from '../../core/fact.ts';
import type { ResolvedValue, WatchOp } from '../../core/operation.ts';
import { addSample } from '../../judge/accumulate.ts';
import { newJudgeState, type JudgeState } from '../../judge/judge-state.ts';
import { maximumSampleMs } from '../../judge/sample.ts';
import type { MeasurementRecord } from '../../measurement-record.ts';
import type { Clock } from '../clock.ts';
import type { EvidenceLink } from './evidence.ts';
import { samplesOf, type Origin } from './measurement-records.ts';
import { samplerOf, type Sampler } from './sampler.ts';

/** What a watch needs of its surroundings. */
export interface WatchDeps {
  readonly gate: PlanGate;
  /** Its step ends with a conclusive verdict: what is still missing for one is part of the reason. */
  readonly isAwaited?: boolean;
  readonly registry: Pick<PluginRegistry, 'metrics'>;
  readonly clock: Clock;
  /** Of the last verdict that a previous process recorded of this watch. */
  readonly lastEvidence?: EvidenceLink;
  /** Measurements of this run that a previous process recorded, in the order in which it recorded them. */
  readonly readEarlier: () => Promise<readonly MeasurementRecord[]>;
  /** Quantities become numbers, names of secrets become secrets. Throws when that cannot be done. */
  readonly decode: (schema: TSchema, config: ResolvedValue) => unknown;
  readonly contextOf: (signal: AbortSignal, memory: Map<string, unknown>) => MeasureContext;
  /** Without the secrets that a query, an answer or an error may hold: a verdict quotes them. */
  readonly masked: (record: MeasurementRecord) => MeasurementRecord;
  /** Awaited before the `evaluated` fact that rests on them. */
  readonly onMeasured: (records: readonly MeasurementRecord[]) => Promise<void>;
  readonly onBody: (body: FactBody) => void;
  /** The watch itself has failed and ended, e.g. because nothing can be recorded any more. */
  readonly onBroken: (error: unknown) => void;
}

/** One metric while it is watched. */
export interface MetricWatch {
  readonly metric: PlanMetric;
  readonly origin: Origin;
  readonly candidate: Sampler;
  readonly baseline: Sampler | undefined;
  readonly answersForThePast: boolean;
  judged: JudgeState;
  /** Samples up to here are taken, or gone because the metric cannot answer for the past. */
  sampledUntil: Ms;
  /** In this process it has answered. */
  hasAnswered: boolean;
  /** In this process a sample was taken that counts. */
  hasSampled: boolean;
}

/** Continues where the earlier measurements end. */
export function metricWatchOf(metric: PlanMetric, op: WatchOp, deps: WatchDeps, earlier: readonly MeasurementRecord[]): MetricWatch {
  const type = deps.registry.metrics.get(metric.uses);
  const watch: MetricWatch = {
    metric,
    origin: { step: op.step, gate: op.gate, metric: metric.name },
    candidate: samplerFor(metric, type, op.configs[metric.name], deps),
    baseline: metric.baseline === undefined ? undefined : samplerFor(metric, type, op.configs[`${metric.name} (baseline)`], deps),
    answersForThePast: type?.answersForThePast ?? false,
    judged: newJudgeState(metric, { from: op.from, everyMs: deps.gate.everyMs }),
    sampledUntil: op.from - 1,
    hasAnswered: false,
    hasSampled: false,
  };
  takeSamples(watch, earlier.filter((one) => one.metric === metric.name));
  return { ...watch, hasAnswered: false, hasSampled: false };
}

/** The records of this watch. Records from before its start belong to an earlier watch of the step. */
export const earlierOf = async (op: WatchOp, { readEarlier }: WatchDeps): Promise<readonly MeasurementRecord[]> =>
  measurementsOf(op, await readEarlier());

/** Those of one watch, among all of its run. */
export const measurementsOf = ({ step, gate, from }: WatchOp, all: readonly MeasurementRecord[]): readonly MeasurementRecord[] =>
  all.filter((one) => one.step === step && one.gate === gate && one.at >= from);

/** Judges what was recorded, and remembers how far it reaches. */
export function takeSamples(watch: MetricWatch, records: readonly MeasurementRecord[]): void {
  for (const sample of samplesOf(records)) {
    if (sample.isWarmUp !== true) {
      watch.judged = addSample(watch.judged, sample);
      watch.hasSampled = true;
    }
    watch.hasAnswered ||= sample.error === undefined;
    const isAnswered = sample.error === undefined && sample.baselineError === undefined;
    if (isAnswered || !watch.answersForThePast) watch.sampledUntil = Math.max(watch.sampledUntil, sample.at);
  }
}

function samplerFor(metric: PlanMetric, type: MetricType | undefined, config: ResolvedValue | undefined, deps: WatchDeps): Sampler {
  return samplerOf({
    clock: deps.clock,
    maximumMs: maximumSampleMs(deps.gate.everyMs),
    contextOf: deps.contextOf,
    async measure(request, context) {
      if (type === undefined) throw new Error(`no loaded plugin provides the metric type ${metric.uses}`);
      if (config === undefined) throw new Error('its configuration is missing from the run');
      return type.measure(deps.decode(type.with, config), request, context);
    },
  });
}
