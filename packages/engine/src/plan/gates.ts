import { secretNamesIn } from '../expressions/value.ts';
import type { Ms } from '../model/ms.ts';
import type { GateDeclaration, MetricDeclaration } from '../validate/valid-pipeline.ts';
import { evaluateKnown } from './evaluate-known.ts';
import type { PlanDraft } from './plan-draft.ts';
import type { Plan, PlanGate, PlanMetric, PlanStep, WatchedGate } from './plan.ts';

/** The gates of the file, with everything evaluated that is known already. */
export function planGates(draft: PlanDraft): Readonly<Record<string, PlanGate>> {
  return Object.fromEntries(draft.pipeline.gates.map((gate) => [gate.name, planGate(draft, gate)]));
}

const planGate = (draft: PlanDraft, { name, everyMs, metrics }: GateDeclaration): PlanGate => ({
  name,
  everyMs,
  metrics: metrics.map(({ at, ...metric }): PlanMetric => {
    const context = { draft, placeOf: () => at };
    const config = evaluateKnown(metric.with, context);
    const baseline = metric.baseline === undefined ? undefined : evaluateKnown(metric.baseline, context);
    return { ...metric, with: config, ...(baseline !== undefined && { baseline }), secrets: secretNamesIn(config, baseline) };
  }),
});

/** The gates of a step with those of what is around it. For a gate in both, the step says what follows its failure. */
export function mergeGates(outer: readonly WatchedGate[], own: readonly WatchedGate[]): readonly WatchedGate[] {
  return [...outer.filter(({ gate }) => !own.some((inner) => inner.gate === gate)), ...own];
}

const minute = 60_000;

/** How long a `gate` step without `timeout` waits: as long as its longest window needs to fill, and 15 minutes. */
export function gateTimeoutMs(declared: readonly GateDeclaration[], watched: readonly WatchedGate[]): number {
  const gates = declared.filter(({ name }) => watched.some(({ gate }) => gate === name));
  const windows = gates.flatMap(({ everyMs, metrics }) => metrics.map((metric) => windowMs(metric, everyMs)));
  return Math.max(0, ...windows) + 15 * minute;
}

/** How long a metric has to breach before it fails; without a window a second sample decides. */
function windowMs({ threshold }: Pick<MetricDeclaration, 'threshold'>, everyMs: number): number {
  return Math.max(2 * everyMs, threshold.forMs ?? 0, threshold.violations?.withinMs ?? 0);
}

/** How long a breach can last before it ends a watched step: the next sample sees its start, and then its window must fill. Undefined without a gate. */
export function longestUnnoticedMs(plan: Plan, step: PlanStep): Ms | undefined {
  const times = step.gates.flatMap(({ gate }) => {
    const { metrics, everyMs } = plan.gates[gate] ?? { metrics: [], everyMs: 0 };
    const deciding = metrics.filter(({ shadow }) => !shadow);
    return deciding.length === 0 ? [] : [everyMs + Math.max(...deciding.map((metric) => windowMs(metric, everyMs)))];
  });
  return times.length === 0 ? undefined : Math.max(...times);
}
