import type { TeardownScope } from '../contract/index.ts';
import type { PluginRegistry } from '../plugins/registry.ts';
import { ancestors } from './minimum-duration.ts';
import { releaseOrder } from './teardown-order.ts';
import type { Group, GroupKey, PlanStep, StepKey, RollbackSteps } from './plan.ts';

interface Dag {
  readonly steps: readonly PlanStep[];
  readonly groups: readonly Group[];
}

/** A step that starts something. */
interface Held {
  readonly step: PlanStep;
  /** The group at the end of its stage or of the run in which that is stopped; missing: right behind the step. */
  readonly end?: GroupKey;
}

/**
 * Adds, for each step whose type has a `release`, the step that calls it where its scope ends. Who needs a step or a stage needs what is
 * released with it, too: the next stage finds the port free.
 */
export function withReleases({ steps, groups }: Dag, registry: PluginRegistry): Dag {
  if (![...registry.steps.values()].some(({ teardown: release }) => release)) return { steps, groups };
  const scopeOf = ({ act }: PlanStep) => (act.act === 'task' ? registry.steps.get(act.uses)?.teardown?.scope : undefined);
  const marked = { steps: steps.map((step) => markStep(step, scopeOf)), groups: groups.map((group) => markRollback(group, scopeOf)) };
  const held = [...heldIn(marked)];
  if (held.length === 0) return { steps, groups };
  return insertReleases(needingReleases(marked, held), held);
}

/** Of what lies behind a step, a stage or the run. `:` is in no id, so that nothing else has such a key. */
const releaseKey = (key: StepKey | GroupKey): string => (key === '' ? 'teardown:run' : `${key}:teardown`);

type ScopeOf = (step: PlanStep) => TeardownScope | undefined;

function markStep(step: PlanStep, scopeOf: ScopeOf): PlanStep {
  const released = scopeOf(step);
  return { ...markRollback(step, scopeOf), ...(released && { teardown: released }) };
}

function markRollback<T extends { readonly rollback?: PlanStep['rollback'] }>(node: T, scopeOf: ScopeOf): T {
  if (typeof node.rollback !== 'object') return node;
  const mark = (list: readonly PlanStep[]) => list.map((step) => markStep(step, scopeOf));
  const { now, staged } = node.rollback;
  return { ...node, rollback: { now: mark(now), ...(staged && { staged: mark(staged) }) } };
}

function* heldIn({ steps, groups }: Dag): Generator<Held> {
  const byKey = new Map(groups.map((group) => [group.key, group]));
  for (const step of steps) {
    if (step.teardown === 'step') yield { step };
    else if (step.teardown) yield { step, end: releaseKey(step.teardown === 'run' ? '' : stageAround(byKey, step)) };
  }
  // A way back may begin long after its stage is over: what it starts is stopped at the end of the run.
  for (const step of [...groups, ...steps].flatMap(({ rollback: undo }) => undoSteps(undo))) {
    if (step.teardown) yield { step, end: releaseKey('') };
  }
}

const undoSteps = (undo: RollbackSteps | string | undefined): readonly PlanStep[] =>
  typeof undo === 'object' ? [...undo.now, ...(undo.staged ?? [])] : [];

/** The run itself around its own `finally`. */
const stageAround = (groups: ReadonlyMap<string, Group>, step: PlanStep): GroupKey =>
  [...ancestors(groups, step.group)].find(({ kind }) => kind === 'stage')?.key ?? '';

function needingReleases({ steps, groups }: Dag, held: readonly Held[]): Dag {
  const waitedFor = new Set(held.map(({ step, end }) => end ?? releaseKey(step.key)));
  const more = <T extends { readonly needs: readonly string[] }>(node: T): T => ({
    ...node,
    needs: node.needs.flatMap((need) => (waitedFor.has(releaseKey(need)) ? [need, releaseKey(need)] : [need])),
  });
  return { steps: steps.map(more), groups: groups.map(more) };
}

/** Steps stay in topological order, and every group behind what it ends. */
function insertReleases(dag: Dag, held: readonly Held[]): Dag {
  const behind = new Set(held.filter(({ end }) => end === undefined).map(({ step }) => step.key));
  const steps = dag.steps.flatMap((step) => (behind.has(step.key) ? [step, releaseStep(step, step.group, [step.key])] : [step]));
  const byEnd = Map.groupBy(held, ({ end }) => end);
  const ends = dag.groups.flatMap((ended) => {
    const those = byEnd.get(releaseKey(ended.key));
    return those ? [{ ended, added: releasesOf(dag, those, releaseKey(ended.key)) }] : [];
  });
  // The run ends behind everything in it.
  const inwardFirst = [...ends].reverse();
  return {
    steps: insertBehind(steps, ({ group }) => group, dag.groups, inwardFirst.map(({ ended, added }) => [ended.key, added])),
    groups: insertBehind(dag.groups, ({ key }) => key, dag.groups, inwardFirst.map(({ ended }) => [ended.key, [releaseGroup(ended)]])),
  };
}

function releasesOf(dag: Dag, held: readonly Held[], end: GroupKey): readonly PlanStep[] {
  const steps = held.map(({ step }) => step);
  const order = releaseOrder(dag, steps);
  return steps.map((step) => releaseStep(step, end, (order.get(step.key) ?? []).map(releaseKey))).reverse();
}

/** Puts what is added behind the last node within its group. */
function insertBehind<T>(nodes: readonly T[], groupOf: (node: T) => GroupKey, groups: readonly Group[], added: readonly (readonly [GroupKey, readonly T[]])[]): T[] {
  const byKey = new Map(groups.map((group) => [group.key, group]));
  const last = new Map<GroupKey, number>();
  for (const [place, node] of nodes.entries()) for (const { key } of ancestors(byKey, groupOf(node))) last.set(key, place);
  const byPlace = Map.groupBy(added, ([key]) => last.get(key) ?? nodes.length - 1);
  return nodes.flatMap((node, place) => [node, ...(byPlace.get(place) ?? []).flatMap(([, more]) => more)]);
}

const releaseGroup = ({ key: parent, title, onFailure }: Group): Group => ({
  key: releaseKey(parent),
  kind: 'teardown',
  title: parent === '' ? 'teardown' : `${title}: teardown`,
  parent,
  needs: [],
  failFast: false,
  onFailure,
});

/** Fewest tries of a release; a step that asks for more gets more. */
const releaseTries = 3;

function releaseStep(step: PlanStep, group: GroupKey, needs: readonly StepKey[]): PlanStep {
  if (step.act.act !== 'task') throw new Error(`${step.key} is no task`);
  return {
    key: releaseKey(step.key),
    id: releaseKey(step.id),
    title: `${step.title}: teardown`,
    needs,
    group,
    phase: 'teardown',
    tearsDown: step.key,
    act: { ...step.act, with: {} },
    secrets: step.secrets ?? [],
    gates: [],
    maxBlindMs: step.maxBlindMs,
    retry: { ...step.retry, attempts: Math.max(releaseTries, step.retry.attempts) },
    rollback: 'nothing',
    savesState: false,
    onLost: 'retry',
    onFailure: 'continue',
  };
}
