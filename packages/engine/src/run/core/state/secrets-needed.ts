import type { Plan, PlanStep } from '../../../plan/plan.ts';
import type { StepState } from './node.ts';
import { stepsIn } from './rollback-state.ts';
import type { RunState } from './run-state.ts';

/**
 * The names of the secrets that the run may still need: those of every task that it may start from here, and of the gates that watch it.
 * `isToRollBack`: a person has asked for a rollback. Tasks that ran already, or will not run any more, need none.
 */
export function secretsNeeded(state: RunState, isToRollBack: boolean): readonly string[] {
  const needed = new Set<string>();
  for (const step of state.steps.values()) {
    if (!mayStart(state, step, isToRollBack)) continue;
    for (const name of secretsOfStep(state.plan, step.plan)) needed.add(name);
  }
  return [...needed].sort();
}

function mayStart(state: RunState, step: StepState, isToRollBack: boolean): boolean {
  const isForward = !isToRollBack && (state.mode === 'forward' || state.mode === 'paused');
  switch (step.plan.phase) {
    case 'main':
      if (isForward && step.at !== 'finished') return true;
      return isRolledBackByItsType(step.plan) && mayRollBack(state, [step], step.plan.key, isForward);
    case 'rollback': {
      const unit = state.unitOfRollbackStep.get(step.plan.key);
      return unit !== undefined && mayRollBack(state, stepsIn(state, unit), unit, isForward);
    }
    case 'finally':
    case 'teardown':
      return step.at !== 'finished';
  }
}

const isRolledBackByItsType = ({ rollback }: PlanStep): boolean => rollback === 'automatic' || rollback === 'assisted';

/** While the run goes forward, a step that has not acted yet may still act. */
function mayRollBack(state: RunState, steps: Iterable<StepState>, unit: string, isForward: boolean): boolean {
  if (state.mode === 'stopping' || state.mode === 'finally' || state.rollback?.units.get(unit)?.at === 'rolled-back') return false;
  return [...steps].some((step) => step.mayHaveActed || (isForward && step.at !== 'finished'));
}

/** A plan that does not list them may use every secret it declares. */
function secretsOfStep(plan: Plan, { act, secrets, gates }: PlanStep): readonly string[] {
  const ofMetrics = gates.flatMap(({ gate }) => plan.gates[gate]?.metrics ?? []).flatMap((metric) => metric.secrets ?? plan.secrets);
  return [...(secrets ?? (act.act === 'task' ? plan.secrets : [])), ...ofMetrics];
}
