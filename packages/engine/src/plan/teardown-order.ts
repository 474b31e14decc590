import { ancestors } from './minimum-duration.ts';
import type { Group, PlanStep, StepKey } from './plan.ts';

interface Dag {
  readonly steps: readonly PlanStep[];
  readonly groups: readonly Group[];
}

/** For each of these steps, those of them that stand on it: they are released first. What does not depend on each other does not wait. */
export function releaseOrder(dag: Dag, held: readonly PlanStep[]): ReadonlyMap<StepKey, readonly StepKey[]> {
  const order = new Map<StepKey, StepKey[]>(held.map(({ key }) => [key, []]));
  if (held.length < 2) return order;
  const needs = needsIn(dag);
  for (const step of held) {
    for (const below of standsOn(step.key, needs)) order.get(below)?.push(step.key);
  }
  return order;
}

type Needs = (key: string) => readonly string[];

/** What a step needs by itself or through what is around it; what a group needs includes everything in it. */
function needsIn({ steps, groups }: Dag): Needs {
  const byKey = new Map(groups.map((group) => [group.key, group]));
  const inside = Map.groupBy([...steps, ...groups.filter(({ kind }) => kind !== 'finally')], (node) => ('group' in node ? node.group : (node.parent ?? '')));
  const nodes = new Map<string, PlanStep | Group>([...groups, ...steps].map((node) => [node.key, node]));
  return (key) => {
    const node = nodes.get(key);
    if (node === undefined) return [];
    if (!('group' in node)) return [...node.needs, ...(inside.get(key) ?? []).map((child) => child.key)];
    return [...node.needs, ...[...ancestors(byKey, node.group)].flatMap(neededAround)];
  };
}

/** A `finally` stands on everything it comes after. */
const neededAround = ({ kind, needs, parent }: Group): readonly string[] => (kind === 'finally' && parent !== undefined ? [...needs, parent] : needs);

function standsOn(start: string, needs: Needs): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...needs(start)];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (found.has(key)) continue;
    found.add(key);
    open.push(...needs(key));
  }
  found.delete(start);
  return found;
}
