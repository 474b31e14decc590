import { rollbackStepsIn } from '../../plan/dag.ts';
import type { Group, PlanStep, RollbackSteps } from '../../plan/plan.ts';
import type { EventOf } from '../events/run-event.ts';
import type { GroupView, RunView, StepView } from './run-view.ts';

/** The view of a run that has just started. */
export function openRunView(started: EventOf<'run-started'>): RunView {
  const { plan } = started;
  const view: RunView = {
    run: started.run,
    plan,
    who: started.who,
    startedAt: started.at,
    lastAt: started.at,
    steps: new Map(),
    groups: new Map(),
    transitions: [],
    commands: [],
    weights: [],
    undelivered: new Map(),
    groupsHeld: new Set(),
    waitedFor: new Map(),
    seen: { seq: started.seq, i: started.i },
  };
  for (const group of plan.groups) addGroup(view, group);
  for (const step of plan.steps) addStep(view, step);
  for (const unit of [...plan.groups, ...plan.steps]) addRollbackSteps(view, unit.key, unit.rollback);
  return view;
}

function addGroup(view: RunView, group: Group): void {
  const seen: GroupView = { group, groups: [], steps: [], state: 'pending' };
  view.groups.set(group.key, seen);
  if (group.parent !== undefined) view.groups.get(group.parent)?.groups.push(seen);
}

function addStep(view: RunView, step: PlanStep, rollsBack?: string): void {
  const seen: StepView = {
    step,
    ...(rollsBack !== undefined && { rollsBack }),
    state: 'pending',
    attempts: [],
    waits: [],
    judged: [],
    answers: [],
    latest: new Map(),
    lastLines: [],
  };
  view.steps.set(step.key, seen);
  if (rollsBack === undefined) view.groups.get(step.group)?.steps.push(seen);
}

function addRollbackSteps(view: RunView, unit: string, rollback: RollbackSteps | string | undefined): void {
  for (const step of rollbackStepsIn(rollback)) if (!view.steps.has(step.key)) addStep(view, step, unit);
}
