import type { RunView } from '../../view/run-view.ts';

export interface Edge {
  readonly from: string;
  readonly to: string;
  /** To a block that runs in any case: a `finally`, and the teardowns after it. */
  readonly finally: boolean;
}

/** The needs of a plan as edges between neighbours: each is lifted to the group in which both ends are children. */
export function groupEdges(view: RunView): ReadonlyMap<string, readonly Edge[]> {
  const edges = new Map<string, Map<string, Edge>>();
  const add = (group: string, edge: Edge): void => {
    const inGroup = edges.get(group) ?? new Map<string, Edge>();
    edges.set(group, inGroup.set(JSON.stringify([edge.from, edge.to]), edge));
  };
  for (const { key, needs } of [...view.plan.groups, ...view.plan.steps]) {
    for (const need of needs) {
      const met = meetingOf(pathTo(view, need), pathTo(view, key));
      if (met) add(met.group, { from: met.from, to: met.to, finally: false });
    }
  }
  for (const { group, edge } of finallyEdges(view, edges)) add(group, edge);
  return new Map([...edges].map(([group, inGroup]) => [group, [...inGroup.values()]]));
}

/** Keys from the root group to the key itself. */
function pathTo(view: RunView, key: string): readonly string[] {
  const path: string[] = [];
  for (let at: string | undefined = key; at !== undefined && !path.includes(at); at = parentOf(view, at)) path.unshift(at);
  return path;
}

const parentOf = (view: RunView, key: string): string | undefined =>
  view.steps.get(key)?.step.group ?? view.groups.get(key)?.group.parent;

function meetingOf(from: readonly string[], to: readonly string[]): { group: string; from: string; to: string } | undefined {
  const apart = from.findIndex((key, n) => key !== to[n]);
  const [group, fromChild, toChild] = [from[apart - 1], from[apart], to[apart]];
  return group === undefined || fromChild === undefined || toChild === undefined ? undefined : { group, from: fromChild, to: toChild };
}

/** A `finally` comes after everything in its parent that nothing else follows, and the teardowns after that. */
function finallyEdges(
  view: RunView,
  edges: ReadonlyMap<string, ReadonlyMap<string, Edge>>,
): readonly { readonly group: string; readonly edge: Edge }[] {
  return [...view.groups.values()].flatMap((parent) => {
    const { key } = parent.group;
    const [block, teardowns] = (['finally', 'teardown'] as const).map((kind) => parent.groups.find(({ group }) => group.kind === kind)?.group.key);
    const others = [...parent.groups.map(({ group }) => group.key), ...parent.steps.map(({ step }) => step.key)];
    const followed = new Set([...(edges.get(key)?.values() ?? [])].map(({ from }) => from));
    const last = others.filter((other) => other !== block && other !== teardowns && !followed.has(other));
    const before = [block === undefined ? [] : last, block === undefined ? last : [block]];
    return [block, teardowns].flatMap((to, n) => (to === undefined ? [] : (before[n] ?? []).map((from) => ({ group: key, edge: { from, to, finally: true } }))));
  });
}
