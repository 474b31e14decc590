import type { Preview } from '../contract/index.ts';
import { printValue } from '../expressions/print-value.ts';
import { holdsUnknown, isExpression, type Value } from '../expressions/value.ts';
import { canonicalJson } from '../util/canonical-json.ts';
import { ancestors, groupsByKey, isNever } from './dag.ts';
import type { Group, Plan, PlanStep, StepKey } from './plan.ts';

/**
 * Each preview with what the plan itself does before: a step finds what an earlier step of the plan has left, not what is there now. Two
 * steps change the same thing when their type, their words and their settings are the same, except for the old and the new value.
 */
export function chainPreviews(plan: Plan, previews: ReadonlyMap<StepKey, Preview>): ReadonlyMap<StepKey, Preview> {
  const groups = groupsByKey(plan);
  const steps = new Map(plan.steps.map((step) => [step.key, step]));
  const changes = plan.steps.flatMap((step) => {
    const preview = previews.get(step.key);
    if (preview?.to === undefined || [step, ...ancestors(groups, step.group)].some(isNever)) return [];
    return [{ step, preview, subject: subjectOf(step, preview) }];
  });
  const chained = new Map(previews);
  for (const same of Map.groupBy(changes, ({ subject }) => subject).values()) {
    for (const [n, { step, preview }] of same.entries()) {
      const before = same.slice(0, n).findLast((other) => comesBefore(steps, groups, other.step, step));
      if (before?.preview.to !== undefined) chained.set(step.key, startingFrom(before.preview.to, preview, step));
    }
  }
  return chained;
}

function subjectOf({ act }: PlanStep, { change, from, to }: Preview): string {
  const settings = act.act === 'task' ? Object.entries(act.with as Readonly<Record<string, Value>>) : [];
  const fixed = settings.filter(([, value]) => !holdsUnknown(value) && ![from, to].includes(printValue(value)));
  return canonicalJson([act.act === 'task' ? act.uses : '', change, Object.fromEntries(fixed)]);
}

function startingFrom(from: string, preview: Preview, { act }: PlanStep): Preview {
  const settings = act.act === 'task' ? (act.with as Readonly<Record<string, Value>>) : {};
  const isNowKnown = (name: string): boolean => {
    const value = settings[name] ?? null;
    return isExpression(value) && preview.from === `(${value.$expr})`;
  };
  const unknown = preview.unknownUntilRun?.filter((name) => !isNowKnown(name));
  return { ...preview, from, ...(unknown && { unknownUntilRun: unknown }) };
}

/** Whether one step has ended before the other one starts. */
function comesBefore(steps: ReadonlyMap<string, PlanStep>, groups: ReadonlyMap<string, Group>, first: PlanStep, second: PlanStep): boolean {
  const around = new Set([first.key, ...[...ancestors(groups, first.group)].map(({ key }) => key)]);
  const seen = new Set<string>();
  const open = needsOf(groups, second);
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (around.has(key)) return true;
    if (seen.has(key)) continue;
    seen.add(key);
    const step = steps.get(key);
    const group = groups.get(key);
    open.push(...(step ? needsOf(groups, step) : group ? needsOfGroup(groups, group) : []));
  }
  return false;
}

const needsOf = (groups: ReadonlyMap<string, Group>, { needs, group }: PlanStep): string[] => {
  const inside = groups.get(group);
  return [...needs, ...(inside ? needsOfGroup(groups, inside) : [])];
};

const needsOfGroup = (groups: ReadonlyMap<string, Group>, { key }: Group): string[] => [...ancestors(groups, key)].flatMap(({ needs }) => needs);
