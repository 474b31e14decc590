import { diagnose, type Diagnostic } from '../errors/diagnostic.ts';
import { type Machine, printMachine, unmetBy } from '../model/machine.ts';
import type { ValidPipeline } from '../validate/valid-pipeline.ts';
import { ancestors, groupsByKey, isNever, rollbackStepsIn } from './dag.ts';
import { declarationsOf } from './finding-places.ts';
import type { Plan, PlanStep } from './plan.ts';

/** Findings for the steps that a machine cannot execute: nothing starts when one of them would come too late. One for each requirement. */
export function checkMachine(plan: Plan, pipeline: ValidPipeline, machine: Machine): readonly Diagnostic[] {
  const groups = groupsByKey(plan);
  const willRun = plan.steps.filter((step) => ![step, ...ancestors(groups, step.group)].some(isNever));
  const all = [...willRun, ...[...plan.groups, ...willRun].flatMap(({ rollback }) => rollbackStepsIn(rollback))];
  const byRequirement = Map.groupBy(all, ({ runsOn = {} }) => printMachine(unmetBy(machine, runsOn)));
  const declarationOf = declarationsOf(pipeline, plan);
  return [...byRequirement].flatMap(([required, steps]) => {
    if (required === '') return [];
    const at = declarationOf(steps[0]?.key ?? '')?.placeOf(['runs-on']);
    return [diagnose('REL_MACHINE_UNSUITABLE', { steps: steps.map(({ key }: PlanStep) => key), required, here: printMachine(machine) }, at)];
  });
}
