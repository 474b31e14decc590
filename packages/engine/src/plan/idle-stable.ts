import { diagnose } from '../errors/diagnostic.ts';
import { limitNames, type Threshold } from '../model/threshold.ts';
import type { PluginRegistry } from '../plugins/registry.ts';
import { decodePlanned } from '../schema/planned.ts';
import { ancestors, groupsByKey, isNever, type Dag } from './dag.ts';
import { placesOf } from './finding-places.ts';
import type { PlanDraft } from './plan-draft.ts';
import type { Group, PlanGate, PlanMetric, PlanStep } from './plan.ts';
import { registryOf } from './registry-of.ts';

/**
 * Marks the steps that a gate compares with stable while the plan itself has given the candidate all traffic: stable has none, and a limit
 * against it could never be judged. Reports a hold or gate step for which no limit is left.
 */
export function markIdleStable(draft: PlanDraft, dag: Dag): readonly PlanStep[] {
  const compares = (gate: string): boolean => draft.gates[gate]?.metrics.some(isCompared) ?? false;
  if (!Object.keys(draft.gates).some(compares)) return dag.steps;
  const groups = groupsByKey(dag);
  const placeAt = placesOf(draft.pipeline, draft);
  const shares = new Map<string, number | undefined>();
  const registry = registryOf(draft.pipeline);
  return dag.steps.map((step) => {
    const before = shareBefore(step, groups, shares);
    const after = shareAfter(registry, step, before);
    for (const key of [step.key, ...[...ancestors(groups, step.group)].map((group) => group.key)]) shares.set(key, after);
    if (before !== 100 || !step.gates.some(({ gate }) => compares(gate))) return step;
    const left = step.gates.flatMap(({ gate }) => draft.gates[gate] ?? []).flatMap((gate) => withoutStable(gate).metrics);
    if (step.act.act !== 'task' && !left.some((metric) => !metric.shadow && isLimited(metric)))
      draft.findings.push(diagnose('REL_NO_LIMIT_LEFT', { step: step.key }, placeAt(step.key, [])));
    return { ...step, stableIsIdle: true };
  });
}

/** The least that was given before, where several steps come before; undefined where the plan does not know it. */
function shareBefore(step: PlanStep, groups: ReadonlyMap<string, Group>, shares: ReadonlyMap<string, number | undefined>): number | undefined {
  const needs = [step.needs, ...[...ancestors(groups, step.group)].map((group) => group.needs)].find((some) => some.length > 0) ?? [];
  const known = needs.map((key) => shares.get(key));
  return known.reduce((least, share) => (share === undefined || least === undefined ? undefined : Math.min(least, share)), known[0]);
}

function shareAfter({ steps }: PluginRegistry, step: PlanStep, before: number | undefined): number | undefined {
  if (step.act.act !== 'task' || isNever(step)) return before;
  const type = steps.get(step.act.uses);
  if (type?.candidateShare === undefined) return before;
  if (step.when && step.when.$expr !== 'true') return undefined;
  try {
    const share: unknown = type.candidateShare(decodePlanned(type.with, step.act.with) as Parameters<typeof type.candidateShare>[0]);
    return typeof share === 'number' ? share : undefined;
  } catch {
    return undefined;
  }
}

/** A gate as it is judged while stable has no traffic: without limits against it, and without asking for it. */
export const withoutStable = (gate: PlanGate): PlanGate => ({ ...gate, metrics: gate.metrics.map(metricWithoutStable) });

function metricWithoutStable({ baseline, ...metric }: PlanMetric): PlanMetric {
  const threshold = Object.entries(metric.threshold).filter(([key]) => !isAgainstStable(metric.threshold, key));
  return baseline === undefined ? metric : { ...metric, threshold: Object.fromEntries(threshold) };
}

const isAgainstStable = (threshold: Threshold, key: string): boolean => {
  const name = limitNames.find((one) => one === key);
  const limit = name && threshold[name];
  return limit !== undefined && limit.kind !== 'absolute';
};

const isCompared = ({ threshold }: PlanMetric): boolean => limitNames.some((name) => isAgainstStable(threshold, name));

const isLimited = ({ threshold, unit }: PlanMetric): boolean => unit === 'yes-no' || limitNames.some((name) => threshold[name] !== undefined);
