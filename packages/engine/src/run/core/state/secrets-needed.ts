import { namesIn } from '../../../expressions/names-in.ts';
import { ancestors, groupsByKey, isNever, rollbackStepsIn } from '../../../plan/dag.ts';
import type { Group, Plan, PlanStep } from '../../../plan/plan.ts';
import { groupsIn } from '../people.ts';
import type { StepState } from './node.ts';
import { stepsIn } from './rollback-state.ts';
import { ancestorsOf, nodeOf, type RunState } from './run-state.ts';

/**
 * The names of the secrets that the run may still need: those of every task that it may start from here, and of the gates that watch it.
 * `isToRollBack`: a person has asked for a rollback. Tasks that ran already, or will not run any more, need none.
 */
export function secretsNeeded(state: RunState, isToRollBack: boolean): readonly string[] {
  const needed = new Set<string>();
  for (const step of state.steps.values()) {
    if (!mayStart(state, step, isToRollBack)) continue;
    for (const name of secretsOfStep(state.plan, step.plan, around(state, step))) needed.add(name);
  }
  return [...needed].sort();
}

/**
 * Those without which a run is not started: of every task that may run with these inputs and of the channels, and each that the file
 * requires and no task uses. An optional one is needed only by a task.
 */
export function secretsToStart(plan: Plan): readonly string[] {
  const { notify = [], optionalSecrets = {} } = plan;
  const groups = groupsByKey(plan);
  const nodes = [...plan.steps, ...plan.groups].map((node) => {
    const outer = [...ancestors(groups, 'act' in node ? node.group : (node.parent ?? ''))];
    const steps = [...('act' in node ? [node] : []), ...rollbackStepsIn(node.rollback)];
    return { isNever: [node, ...outer].some(isNever), secrets: steps.flatMap((step) => secretsOfStep(plan, step, [node, ...outer])) };
  });
  const used = new Set(nodes.flatMap(({ secrets }) => secrets));
  const ofChannels = notify.flatMap(({ secrets }) => secrets);
  const required = [...ofChannels, ...plan.secrets.filter((name) => !used.has(name))].filter((name) => !Object.hasOwn(optionalSecrets, name));
  const needed = nodes.flatMap((node) => (node.isNever ? [] : node.secrets));
  return [...new Set([...needed, ...required])].sort();
}

function mayStart(state: RunState, step: StepState, isToRollBack: boolean): boolean {
  const isForward = !isToRollBack && (state.mode === 'forward' || state.mode === 'paused');
  switch (step.plan.phase) {
    case 'main':
      if (willNotRun(state, step)) return false;
      if (isForward && step.at !== 'finished') return true;
      return isRolledBackByItsType(step.plan) && mayRollBack(state, [step], step.plan.key, isForward);
    case 'rollback': {
      const unit = state.unitOfRollbackStep.get(step.plan.key);
      return unit !== undefined && mayRollBack(state, [...stepsIn(state, unit)].filter((other) => !willNotRun(state, other)), unit, isForward);
    }
    case 'finally':
    case 'teardown':
      return step.at !== 'finished' && !willNotRun(state, step);
  }
}

/** What a step rolls back, and the groups around it. */
function around(state: RunState, step: StepState): readonly (PlanStep | Group)[] {
  const unit = state.unitOfRollbackStep.get(step.plan.key);
  return [...(unit === undefined ? [] : [nodeOf(state, unit)]), ...ancestorsOf(state, step.plan)].map(({ plan }) => plan);
}

/** The inputs already say so. */
const willNotRun = (state: RunState, step: StepState): boolean => [step.plan, ...around(state, step)].some(isNever);

const isRolledBackByItsType = ({ rollback }: PlanStep): boolean => rollback === 'automatic' || rollback === 'assisted';

/** While the run goes forward, a step that has not acted yet may still act. */
function mayRollBack(state: RunState, steps: Iterable<StepState>, unit: string, isForward: boolean): boolean {
  if (state.mode === 'stopping' || state.mode === 'finally' || state.rollback?.units.get(unit)?.at === 'rolled-back') return false;
  return [...steps].some((step) => step.mayHaveActed || (isForward && step.at !== 'finished'));
}

/**
 * A plan that does not list them may use every secret it declares. `around`: the groups of the step, and what it rolls back. A condition that asks
 * whether an optional secret is there decides about a missing one.
 */
function secretsOfStep(plan: Plan, step: PlanStep, around: readonly (PlanStep | Group)[]): readonly string[] {
  const { act, secrets, gates } = step;
  const ofMetrics = gates.flatMap(({ gate }) => plan.gates[gate]?.metrics ?? []).flatMap((metric) => metric.secrets ?? plan.secrets);
  const asked = act.act === 'approval' ? groupsIn(act.of, act.except, act.delegates) : [];
  const ofGroups = asked.flatMap((group) => plan.people?.[group]?.secrets ?? []);
  const all = [...(secrets ?? (act.act === 'task' ? plan.secrets : [])), ...ofMetrics, ...ofGroups];
  return plan.optionalSecrets === undefined ? all : all.filter((name) => plan.optionalSecrets?.[name] !== false || ![step, ...around].some((node) => asksFor(node, name)));
}

const asksFor = ({ when }: PlanStep | Group, secret: string): boolean =>
  when !== undefined && namesIn(when.$expr).some(({ root, segments: [name] }) => root === 'secrets' && name?.name === secret);
