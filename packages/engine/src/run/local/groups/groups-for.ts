import { rollbackStepsIn } from '../../../plan/dag.ts';
import type { Plan, PlanStep, StepKey } from '../../../plan/plan.ts';
import { ownerOf } from '../../core/operation.ts';
import { groupsIn, isForEverybody } from '../../core/people.ts';
import type { InboxCommand } from '../../store/inbox-command.ts';

/** The groups whose people decide whether a command counts: those that are asked, or the operators. */
export function groupsFor(plan: Plan, command: InboxCommand): readonly string[] {
  if (plan.people === undefined) return [];
  if (!('key' in command)) return isForEverybody(command.command) ? [] : groupsIn(plan.operators);
  const act = command.command === 'resolve' ? undefined : stepWith(plan, ownerOf(command.key))?.act;
  return act?.act === 'approval' ? groupsIn(act.of, act.except, act.delegates) : [];
}

function stepWith({ steps, groups }: Plan, key: StepKey): PlanStep | undefined {
  const isIt = (step: PlanStep): boolean => step.key === key;
  return steps.find(isIt) ?? [...steps, ...groups].flatMap(({ rollback }) => rollbackStepsIn(rollback)).find(isIt);
}
