import { ancestors, type Dag, groupsByKey } from './dag.ts';
import type { GroupKey } from './plan.ts';

/**
 * Whatever needs a sub-pipeline, or a group around it, also needs what comes at the end of it: its `finally`, and the teardowns and the
 * `finally` of its stages. So the next one finds the port free.
 */
export function needEndsOfPipelines({ steps, groups }: Dag): Dag {
  const ends = endsOfPipelines(groups);
  if (ends.size === 0) return { steps, groups };
  const extend = <T extends { readonly needs: readonly string[] }>(node: T): T => ({
    ...node,
    needs: node.needs.flatMap((need) => [need, ...(ends.get(need) ?? [])]),
  });
  return { steps: steps.map(extend), groups: groups.map(extend) };
}

/** What comes at the end, by each group that it is the end of. */
function endsOfPipelines(groups: Dag['groups']): ReadonlyMap<GroupKey, readonly GroupKey[]> {
  const byKey = groupsByKey({ groups });
  const ends = new Map<GroupKey, GroupKey[]>();
  for (const { key, kind, parent = '' } of groups) {
    if (kind !== 'finally' && kind !== 'teardown') continue;
    const around = [...ancestors(byKey, parent)];
    const innermost = around.findIndex((group) => group.kind === 'pipeline');
    if (innermost < 0) continue;
    for (const group of around.slice(innermost)) ends.set(group.key, [...(ends.get(group.key) ?? []), key]);
  }
  return ends;
}
