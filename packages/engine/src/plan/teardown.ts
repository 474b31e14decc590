import type { TeardownScope } from '../contract/index.ts';
import { teardownAttempts } from '../model/retry.ts';
import type { PluginRegistry } from '../plugins/registry.ts';
import { ancestors, type Dag, groupsByKey, rollbackStepsIn } from './dag.ts';
import type { Group, GroupKey, PlanStep, StepKey } from './plan.ts';
import { teardownOrder } from './teardown-order.ts';

/** A step that starts something. */
interface Starter {
  readonly step: PlanStep;
  /** The group at the end of its stage or of the run in which it is torn down; missing: right after the step. */
  readonly end?: GroupKey;
}

/**
 * Adds, for each step whose type has a `teardown`, the step that calls it where its scope ends. Whatever needs a step or a stage also needs
 * the teardown of it: the next stage finds the port free.
 */
export function addTeardowns({ steps, groups }: Dag, registry: PluginRegistry): Dag {
  if (![...registry.steps.values()].some(({ teardown }) => teardown)) return { steps, groups };
  const scopeOf = ({ act }: PlanStep) => (act.act === 'task' ? registry.steps.get(act.uses)?.teardown?.scope : undefined);
  const marked = { steps: steps.map((step) => markStep(step, scopeOf)), groups: groups.map((group) => markRollback(group, scopeOf)) };
  const starters = [...startersIn(marked)];
  if (starters.length === 0) return { steps, groups };
  return insertTeardowns(needTeardowns(marked, starters), starters);
}

/** The key of the teardown of a step, a stage or the run. No id contains `:`, so that nothing else has such a key. */
const teardownKey = (key: StepKey | GroupKey): string => (key === '' ? 'teardown:run' : `${key}:teardown`);

type ScopeOf = (step: PlanStep) => TeardownScope | undefined;

function markStep(step: PlanStep, scopeOf: ScopeOf): PlanStep {
  const teardown = scopeOf(step);
  return { ...markRollback(step, scopeOf), ...(teardown && { teardown }) };
}

function markRollback<T extends { readonly rollback?: PlanStep['rollback'] }>(node: T, scopeOf: ScopeOf): T {
  if (typeof node.rollback !== 'object') return node;
  const mark = (list: readonly PlanStep[]) => list.map((step) => markStep(step, scopeOf));
  const { now, staged } = node.rollback;
  return { ...node, rollback: { now: mark(now), ...(staged && { staged: mark(staged) }) } };
}

function* startersIn({ steps, groups }: Dag): Generator<Starter> {
  const byKey = groupsByKey({ groups });
  for (const step of steps) {
    if (step.teardown === 'step') yield { step };
    else if (step.teardown) yield { step, end: teardownKey(step.teardown === 'run' ? '' : stageAround(byKey, step)) };
  }
  // A rollback may start long after its stage is over: what it starts is torn down at the end of the run.
  for (const step of [...groups, ...steps].flatMap(({ rollback }) => rollbackStepsIn(rollback))) {
    if (step.teardown) yield { step, end: teardownKey('') };
  }
}

/** The stage around a step; the run for a step in the `finally` of the run. */
const stageAround = (groups: ReadonlyMap<string, Group>, step: PlanStep): GroupKey =>
  [...ancestors(groups, step.group)].find(({ kind }) => kind === 'stage')?.key ?? '';

function needTeardowns({ steps, groups }: Dag, starters: readonly Starter[]): Dag {
  const waitedFor = new Set(starters.map(({ step, end }) => end ?? teardownKey(step.key)));
  const extend = <T extends { readonly needs: readonly string[] }>(node: T): T => ({
    ...node,
    needs: node.needs.flatMap((need) => (waitedFor.has(teardownKey(need)) ? [need, teardownKey(need)] : [need])),
  });
  return { steps: steps.map(extend), groups: groups.map(extend) };
}

/** Steps stay in topological order, and every teardown group comes after the group that it ends. */
function insertTeardowns(dag: Dag, starters: readonly Starter[]): Dag {
  const alone = new Set(starters.filter(({ end }) => end === undefined).map(({ step }) => step.key));
  const steps = dag.steps.flatMap((step) => (alone.has(step.key) ? [step, teardownStep(step, step.group, [step.key])] : [step]));
  const byEnd = Map.groupBy(starters, ({ end }) => end);
  const ends = dag.groups.flatMap((ended) => {
    const those = byEnd.get(teardownKey(ended.key));
    return those ? [{ ended, added: teardownsOf(dag, those, teardownKey(ended.key)) }] : [];
  });
  // The run ends after everything in it.
  const inwardFirst = [...ends].reverse();
  return {
    steps: insertAfterGroup(steps, ({ group }) => group, dag.groups, inwardFirst.map(({ ended, added }) => [ended.key, added])),
    groups: insertAfterGroup(dag.groups, ({ key }) => key, dag.groups, inwardFirst.map(({ ended }) => [ended.key, [teardownGroup(ended)]])),
  };
}

function teardownsOf(dag: Dag, starters: readonly Starter[], end: GroupKey): readonly PlanStep[] {
  const steps = starters.map(({ step }) => step);
  const order = teardownOrder(dag, steps);
  return steps.map((step) => teardownStep(step, end, (order.get(step.key) ?? []).map(teardownKey))).reverse();
}

/** Puts what is added after the last node within its group. */
function insertAfterGroup<T>(nodes: readonly T[], groupOf: (node: T) => GroupKey, groups: readonly Group[], added: readonly (readonly [GroupKey, readonly T[]])[]): T[] {
  const byKey = groupsByKey({ groups });
  const last = new Map<GroupKey, number>();
  for (const [place, node] of nodes.entries()) for (const { key } of ancestors(byKey, groupOf(node))) last.set(key, place);
  const byPlace = Map.groupBy(added, ([key]) => last.get(key) ?? nodes.length - 1);
  return nodes.flatMap((node, place) => [node, ...(byPlace.get(place) ?? []).flatMap(([, more]) => more)]);
}

const teardownGroup = ({ key: parent, title, onFailure }: Group): Group => ({
  key: teardownKey(parent),
  kind: 'teardown',
  title: parent === '' ? 'teardown' : `${title}: teardown`,
  parent,
  needs: [],
  failFast: false,
  onFailure,
});

function teardownStep(step: PlanStep, group: GroupKey, needs: readonly StepKey[]): PlanStep {
  if (step.act.act !== 'task') throw new Error(`${step.key} is not a task`);
  return {
    key: teardownKey(step.key),
    id: teardownKey(step.id),
    title: `${step.title}: teardown`,
    needs,
    group,
    phase: 'teardown',
    tearsDown: step.key,
    act: { ...step.act, with: {} },
    secrets: step.secrets ?? [],
    ...(step.runsOn && { runsOn: step.runsOn }),
    gates: [],
    wakeEveryMs: step.wakeEveryMs,
    retry: { ...step.retry, attempts: Math.max(teardownAttempts, step.retry.attempts) },
    rollback: 'nothing',
    savesState: false,
    onLost: 'retry',
    onFailure: 'continue',
  };
}
