import { comesAfterParent, isGroup, type Node } from './node.ts';
import { RollbackSlots } from './rollback-slots.ts';
import { unitOf } from './rollback-state.ts';
import { ancestorsOf, nodeOf, type RunState } from './run-state.ts';

/** The slots for the rollbacks of the run; undefined where its plan sets no limit. */
export function slotsFor(state: RunState): RollbackSlots | undefined {
  const { maxParallelRollbacks: limit } = state.plan;
  if (limit === undefined) return undefined;
  const units = [...state.steps.values()].filter(({ plan }) => plan.phase === 'main').map((step) => unitOf(state, step));
  return new RollbackSlots(limit, unitsBeforeTraffic(state), new Map(units.map((unit, place) => [unit, place])));
}

/** The units that return traffic, and all that has to be rolled back before them: whatever depends on a unit, or on a group around it. */
function unitsBeforeTraffic(state: RunState): ReadonlySet<string> {
  const units = new Set<string>();
  const seen = new Set<Node>();
  const open: Node[] = [];
  const follow = (nodes: readonly Node[] = []): void => {
    for (const node of nodes) {
      if (seen.has(node)) continue;
      seen.add(node);
      open.push(node);
    }
  };
  const add = (unit: string): void => {
    if (units.has(unit)) return;
    units.add(unit);
    const node = nodeOf(state, unit);
    follow(node.dependents);
    for (const group of ancestorsOf(state, node.plan)) follow(group.dependents);
  };
  for (const step of state.steps.values()) if (step.plan.phase === 'main' && step.plan.restoresTraffic) add(unitOf(state, step));
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    follow(node.dependents);
    if (isGroup(node)) follow(node.children.filter((child) => !comesAfterParent(child)));
    else if (node.plan.phase === 'main') add(unitOf(state, node));
  }
  return units;
}
