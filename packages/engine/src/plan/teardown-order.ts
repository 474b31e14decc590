import { reachableFrom } from '../util/graph.ts';
import { ancestors, type Dag, groupsByKey } from './dag.ts';
import type { Group, PlanStep, StepKey } from './plan.ts';

/** For each of these steps, those of them that depend on it: they are torn down first. Steps that do not depend on each other do not wait. */
export function teardownOrder(dag: Dag, starters: readonly PlanStep[]): ReadonlyMap<StepKey, readonly StepKey[]> {
  const order = new Map<StepKey, StepKey[]>(starters.map(({ key }) => [key, []]));
  if (starters.length < 2) return order;
  const needs = needsIn(dag);
  for (const { key } of starters) {
    for (const needed of reachableFrom(key, needs)) if (needed !== key) order.get(needed)?.push(key);
  }
  return order;
}

/** What a step needs by itself or through the groups around it; what a group needs includes everything in it. */
function needsIn({ steps, groups }: Dag): (key: string) => readonly string[] {
  const byKey = groupsByKey({ groups });
  const inside = Map.groupBy([...steps, ...groups.filter(({ kind }) => kind !== 'finally')], (node) => ('group' in node ? node.group : (node.parent ?? '')));
  const nodes = new Map<string, PlanStep | Group>([...groups, ...steps].map((node) => [node.key, node]));
  return (key) => {
    const node = nodes.get(key);
    if (node === undefined) return [];
    if (!('group' in node)) return [...node.needs, ...(inside.get(key) ?? []).map((child) => child.key)];
    return [...node.needs, ...[...ancestors(byKey, node.group)].flatMap(neededAround)];
  };
}

/** A `finally` depends on everything that it comes after. */
const neededAround = ({ kind, needs, parent }: Group): readonly string[] => (kind === 'finally' && parent !== undefined ? [...needs, parent] : needs);
