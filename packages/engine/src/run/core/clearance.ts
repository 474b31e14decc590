import type { GroupKey, PlanStep, StepKey } from '../../plan/plan.ts';
import { isGroup, isLater, type Node, type StepState } from './node.ts';
import { ancestorsOf, nodeOf, stepOf, type RunState, type WayBack } from './run-state.ts';

/**
 * Who stands on whom. A node is clear when nothing of it runs or stands and everything that needs it is clear. Counters, not scans:
 * the whole way back costs one visit per edge.
 */
export function newWayBack(state: RunState, urgency: 'now' | 'staged'): WayBack {
  const back: WayBack = {
    urgency,
    blockers: new Map(),
    unclearChildren: new Map(),
    clear: new Set(),
    undos: new Map(),
    dirty: new Set(),
    running: 0,
  };
  for (const step of state.steps.values()) if (step.plan.phase !== 'undo') countDependents(back, step);
  for (const group of state.groups.values()) {
    countDependents(back, group);
    back.unclearChildren.set(group.plan.key, group.children.filter((child) => !isLater(child)).length);
  }
  return back;
}

function countDependents(back: WayBack, { plan: { key }, dependents }: Node): void {
  if (dependents) back.blockers.set(key, dependents.length);
}

/** Marks a step clear if it is, and everything that becomes clear by that. */
export function clearFrom(state: RunState, back: WayBack, start: string): void {
  const open = [start];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (back.clear.has(key) || !isClear(state, back, key)) continue;
    back.clear.add(key);
    const node = nodeOf(state, key);
    for (const need of node.plan.needs) {
      const left = (back.blockers.get(need) ?? 0) - 1;
      back.blockers.set(need, left);
      if (left === 0) unblocked(state, back, need);
      open.push(need);
    }
    const above = isGroup(node) ? node.plan.parent : node.plan.group;
    if (above === undefined || isLater(node)) continue;
    back.unclearChildren.set(above, (back.unclearChildren.get(above) ?? 0) - 1);
    open.push(above);
  }
}

function isClear(state: RunState, back: WayBack, key: string): boolean {
  if ((back.blockers.get(key) ?? 0) > 0) return false;
  const step = state.steps.get(key);
  return step ? !isStanding(state, back, step) && !isReleaseDue(state, step) : back.unclearChildren.get(key) === 0;
}

/** It runs, or what it did is still there and something could or should take it back. */
export function isStanding(state: RunState, back: WayBack, step: StepState): boolean {
  if (step.plan.phase !== 'main') return false;
  if (step.at === 'running') return true;
  if (step.at === 'waiting' || !step.isTouched) return false;
  const unit = unitOf(state, step);
  if (back.undos.get(unit)?.at === 'undone') return false;
  return unit === step.plan.key ? isUndoable(step.plan) : step.plan.act.act === 'task';
}

/** What the step began to hold is not stopped yet, and will be as soon as it has ended: nothing of it is undone before. */
export const isReleaseDue = (state: RunState, { at, plan: { releases } }: StepState): boolean =>
  releases !== undefined && at !== 'settled' && stepOf(state, releases).at !== 'waiting';

/** Something undoes it, or should. */
export const isUndoable = ({ undo }: PlanStep): boolean => undo !== 'nothing' && undo !== 'unknown';

/** What a step is undone with: the outermost group that undoes itself as one, or the step alone. */
export function unitOf(state: RunState, step: StepState): StepKey | GroupKey {
  let unit = step.plan.key;
  for (const group of ancestorsOf(state, step.plan)) if (group.plan.undo) unit = group.plan.key;
  return unit;
}

/** The last thing that stood on it is gone: its units are worth a look. */
function unblocked(state: RunState, back: WayBack, key: string): void {
  const step = state.steps.get(key);
  if (step) {
    back.dirty.add(unitOf(state, step));
    return;
  }
  for (const member of stepsIn(state, key)) back.dirty.add(unitOf(state, member));
}

/** Every step of the main phase inside a group, or the step itself. */
export function* stepsIn(state: RunState, key: string): Generator<StepState> {
  for (const step of allStepsIn(nodeOf(state, key))) if (step.plan.phase === 'main') yield step;
}

/** Beside the steps of a group, what releases them one by one. */
export function* allStepsIn(node: Node): Generator<StepState> {
  if (!isGroup(node)) yield node;
  else for (const child of node.children) if (!isLater(child)) yield* allStepsIn(child);
}

/** Nothing that needs the unit, or a group around it, still runs or stands. */
export function isUnblocked(state: RunState, back: WayBack, unit: StepKey | GroupKey): boolean {
  if ((back.blockers.get(unit) ?? 0) > 0) return false;
  for (const group of ancestorsOf(state, nodeOf(state, unit).plan)) if ((back.blockers.get(group.plan.key) ?? 0) > 0) return false;
  return true;
}
