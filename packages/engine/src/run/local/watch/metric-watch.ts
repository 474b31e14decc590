import type { TSchema } from 'typebox';
import type { MeasureContext, MetricType } from '../../../contract/index.ts';
import type { PlanGate, PlanMetric } from '../../../plan/plan.ts';
import type { PluginRegistry } from '../../../plugins/registry.ts';
import type { Ms } from '../../../model/ms.ts';
import type { FactBody } from '../../core/fact.ts';
import type { ResolvedValue, WatchOp } from '../../core/operation.ts';
import { addLook } from '../../judge/add-look.ts';
import { newJudgeState, type JudgeState } from '../../judge/judge-state.ts';
import { longestLookMs } from '../../judge/longest-look.ts';
import type { MeasurementRecord } from '../../measurement-record.ts';
import type { Clock } from '../clock.ts';
import type { EvidenceLink } from './evidence.ts';
import { askerOf, type Asker } from './asker.ts';
import { looksOf, type Origin } from './measurement-records.ts';

/** What a watch needs of its surroundings. */
export interface WatchDeps {
  readonly gate: PlanGate;
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
  /** The watch itself broke, e.g. because nothing can be recorded any more; it has ended. */
  readonly onBroken: (error: unknown) => void;
}

/** One metric while it is watched. */
export interface MetricWatch {
  readonly metric: PlanMetric;
  readonly origin: Origin;
  readonly candidate: Asker;
  readonly baseline: Asker | undefined;
  readonly answersForThePast: boolean;
  judged: JudgeState;
  /** Looks up to here are answered, or gone because the metric cannot answer for the past. */
  askedUntil: Ms;
  /** In this process it has answered, and was looked at so that it counts. */
  hasAnswered: boolean;
  hasLooked: boolean;
}

/** Begins where the earlier measurements end. */
export function metricWatchOf(metric: PlanMetric, op: WatchOp, deps: WatchDeps, earlier: readonly MeasurementRecord[]): MetricWatch {
  const type = deps.registry.metrics.get(metric.uses);
  const watch: MetricWatch = {
    metric,
    origin: { step: op.step, gate: op.gate, metric: metric.name },
    candidate: askerFor(metric, type, op.configs[metric.name], deps),
    baseline: metric.baseline === undefined ? undefined : askerFor(metric, type, op.configs[`${metric.name} (baseline)`], deps),
    answersForThePast: type?.answersForThePast ?? false,
    judged: newJudgeState(metric, { from: op.from, everyMs: deps.gate.everyMs }),
    askedUntil: op.from - 1,
    hasAnswered: false,
    hasLooked: false,
  };
  takeIn(watch, earlier.filter((one) => one.metric === metric.name));
  return { ...watch, hasAnswered: false, hasLooked: false };
}

/** What was recorded for this watch; a step may have been watched before, up to its beginning. */
export const earlierOf = async ({ step, gate, from }: WatchOp, { readEarlier }: WatchDeps): Promise<readonly MeasurementRecord[]> =>
  (await readEarlier()).filter((one) => one.step === step && one.gate === gate && one.at >= from);

/** Judges what was recorded, and remembers how far it reaches. */
export function takeIn(watch: MetricWatch, records: readonly MeasurementRecord[]): void {
  for (const look of looksOf(records)) {
    if (look.isWarmUp !== true) {
      watch.judged = addLook(watch.judged, look);
      watch.hasLooked = true;
    }
    watch.hasAnswered ||= look.error === undefined;
    const isAnswered = look.error === undefined && look.baselineError === undefined;
    if (isAnswered || !watch.answersForThePast) watch.askedUntil = Math.max(watch.askedUntil, look.at);
  }
}

function askerFor(metric: PlanMetric, type: MetricType | undefined, config: ResolvedValue | undefined, deps: WatchDeps): Asker {
  return askerOf({
    clock: deps.clock,
    longestMs: longestLookMs(deps.gate.everyMs),
    contextOf: deps.contextOf,
    async measure(look, context) {
      if (type === undefined) throw new Error(`no loaded plugin has the metric type ${metric.uses}`);
      if (config === undefined) throw new Error('its configuration is missing from the run');
      return type.measure(deps.decode(type.with, config), look, context);
    },
  });
}
