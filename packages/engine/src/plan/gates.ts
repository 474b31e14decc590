import { secretNamesIn, type Value } from '../expressions/value.ts';
import { commandMetricType } from '../model/built-in-types.ts';
import type { Ms } from '../model/ms.ts';
import { decodePlanned } from '../schema/planned.ts';
import type { GateDeclaration } from '../validate/valid-pipeline.ts';
import { withDefaultEnv } from './actions.ts';
import { evaluateKnown } from './evaluate-known.ts';
import { keyIn, type PlanDraft } from './plan-draft.ts';
import type { Plan, PlanGate, PlanMetric, PlanStep, WatchedGate } from './plan.ts';

/** The gates of the file, with everything evaluated that is known already. */
export function planGates(draft: PlanDraft): Readonly<Record<string, PlanGate>> {
  return Object.fromEntries(draft.pipeline.gates.map((gate) => [keyIn(draft.frame, gate.name), planGate(draft, gate)]));
}

const planGate = (draft: PlanDraft, { name, everyMs, metrics }: GateDeclaration): PlanGate => ({
  name: keyIn(draft.frame, name),
  ...(draft.frame.key !== '' && { pipeline: draft.frame.key }),
  everyMs,
  metrics: metrics.map(({ at, ...metric }): PlanMetric => {
    const context = { draft, placeOf: () => at };
    const config = evaluateKnown(metric.uses === commandMetricType ? withDefaultEnv(draft.pipeline, metric.with) : metric.with, context);
    const baseline = metric.baseline === undefined ? undefined : evaluateKnown(metric.baseline, context);
    const windowMs = windowOf(draft, metric.uses, config);
    return {
      ...metric,
      with: config,
      ...(baseline !== undefined && { baseline }),
      secrets: secretNamesIn(config, baseline),
      ...(windowMs !== undefined && { windowMs }),
    };
  }),
});

/** What a plugin returns that is not a length, or throws, is none: then the second breach in a row fails. */
function windowOf({ pipeline }: PlanDraft, uses: string, config: Value): Ms | undefined {
  const type = pipeline.registry.metrics.get(uses);
  if (type?.window === undefined) return undefined;
  try {
    const windowMs: unknown = type.window(decodePlanned(type.with, config) as Parameters<typeof type.window>[0]);
    return typeof windowMs === 'number' && windowMs > 0 && Number.isFinite(windowMs) ? windowMs : undefined;
  } catch {
    return undefined;
  }
}

/** The gates that a step of the file names, as the plan names them. */
export const watchedBy = ({ frame }: PlanDraft, gates: readonly WatchedGate[]): readonly WatchedGate[] =>
  frame.key === '' ? gates : gates.map((watched) => ({ ...watched, gate: keyIn(frame, watched.gate) }));

/** The gates of a step with those of what is around it. For a gate in both, the step says what follows its failure. */
export function mergeGates(outer: readonly WatchedGate[], own: readonly WatchedGate[]): readonly WatchedGate[] {
  return [...outer.filter(({ gate }) => !own.some((inner) => inner.gate === gate)), ...own];
}

const minute = 60_000;

/** How long a `gate` step without `timeout` waits: as long as its longest window needs to fill, and 15 minutes. */
export function gateTimeoutMs(planned: Readonly<Record<string, PlanGate>>, watched: readonly WatchedGate[]): number {
  const gates = watched.flatMap(({ gate }) => planned[gate] ?? []);
  const windows = gates.flatMap(({ everyMs, metrics }) => metrics.map((metric) => longestBreachMs(metric, everyMs)));
  return Math.max(0, ...windows) + 15 * minute;
}

/** How long a metric has to breach before it fails. Without `for` and `violations` the first sample decides that shares no data with the first breach. */
function longestBreachMs({ threshold: { forMs, violations }, windowMs = 0 }: PlanMetric, everyMs: Ms): Ms {
  const sharedMs = forMs === undefined && violations === undefined ? Math.ceil(windowMs / everyMs) * everyMs : 0;
  return Math.max(2 * everyMs, forMs ?? 0, violations?.withinMs ?? 0, sharedMs);
}

/** How long a breach can last before it ends a watched step: the next sample sees its start, and then its window must fill. Undefined without a gate. */
export function longestUnnoticedMs(plan: Plan, step: PlanStep): Ms | undefined {
  const times = step.gates.flatMap(({ gate }) => {
    const { metrics, everyMs } = plan.gates[gate] ?? { metrics: [], everyMs: 0 };
    const deciding = metrics.filter(({ shadow }) => !shadow);
    return deciding.length === 0 ? [] : [everyMs + Math.max(...deciding.map((metric) => longestBreachMs(metric, everyMs)))];
  });
  return times.length === 0 ? undefined : Math.max(...times);
}
