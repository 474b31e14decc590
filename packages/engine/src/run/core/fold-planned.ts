import type { Group, Plan, PlanStep } from '../../plan/plan.ts';
import type { Fact } from './fact.ts';
import { comesAfter, type GroupState, type Node, type StepState } from './node.ts';
import { groupOf, nodeOf, type RunState } from './run-state.ts';
import { nothingOpen } from './open-ops.ts';
import { becomeReady } from './readiness.ts';

/** The first fact: lays out every step and group, nothing begun. */
export function foldPlanned(state: RunState, fact: Extract<Fact, { fact: 'planned' }>): void {
  const { plan } = fact;
  Object.assign(state, { run: fact.run, plan, parallel: fact.parallel, startedAt: fact.at });
  for (const group of plan.groups) addGroup(state, group);
  for (const step of plan.steps) addStep(state, step);
  for (const { unit, step } of undoStepsOf(plan)) {
    addStep(state, step);
    state.unitOfUndoStep.set(step.key, unit);
  }
  for (const node of state.groups.values()) linkNeeds(state, node);
  for (const { key, kind } of plan.groups) {
    if (kind === 'finally') state.finallyLeft++;
    if (kind === 'release') state.releasesLeft.add(key);
  }
  becomeReady(state, groupOf(state, ''));
}

function addGroup(state: RunState, plan: Group): void {
  const group = newGroup(plan);
  state.groups.set(plan.key, group);
  if (plan.parent === undefined) return;
  const parent = groupOf(state, plan.parent);
  parent.children.push(group);
  if (plan.kind === 'finally') parent.finally = group;
  if (!comesAfter(plan)) parent.unsettled++;
}

function addStep(state: RunState, plan: PlanStep): void {
  const step = newStep(plan);
  state.steps.set(plan.key, step);
  linkNeeds(state, step);
  if (plan.phase === 'undo') return;
  const parent = groupOf(state, plan.group);
  parent.children.push(step);
  parent.unsettled++;
}

function linkNeeds(state: RunState, node: Node): void {
  for (const need of node.plan.needs) {
    const needed = nodeOf(state, need);
    if (needed.dependents) needed.dependents.push(node);
    else needed.dependents = [node];
  }
}

function* undoStepsOf(plan: Plan): Generator<{ unit: string; step: PlanStep }> {
  for (const nodes of [plan.groups, plan.steps]) {
    for (const { key: unit, undo } of nodes) {
      if (typeof undo !== 'object') continue;
      for (const step of [...undo.now, ...(undo.staged ?? [])]) yield { unit, step };
    }
  }
}

const newGroup = (plan: Group): GroupState => ({
  plan,
  at: 'waiting',
  needsLeft: plan.needs.length,
  dependents: undefined,
  children: [],
  unsettled: 0,
  running: 0,
  hasFailed: false,
  wasCut: false,
  isDoomed: false,
  tasks: 0,
  workedMs: 0,
  timers: 0,
  open: nothingOpen,
});

/** Few steps are voted on or watched: what nobody fills is not made a hundred thousand times. */
const none: ReadonlySet<string> = new Set();
const noLooks: StepState['looks'] = new Map();

/**
 * What every step gets in the end is there from the start: an object that grows is moved each time. What every step uses stands together,
 * so that it comes from memory together.
 */
const newStep = (plan: PlanStep): StepState => ({
  plan,
  at: 'waiting',
  needsLeft: plan.needs.length,
  dependents: undefined,
  place: -1,
  open: nothingOpen,
  attempts: 0,
  config: undefined,
  isTouched: false,
  wasTouched: false,
  beganAt: undefined,
  taskBeganAt: undefined,
  endedAt: undefined,
  end: undefined,
  output: undefined,
  failures: 0,
  probes: 0,
  probeFailures: 0,
  questions: 0,
  votes: none,
  isHoldOver: false,
  looks: noLooks,
  forgiven: none,
  isFrozen: false,
  isOverridden: false,
});
