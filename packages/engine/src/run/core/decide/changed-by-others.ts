import { rollbackOf } from '../apply/rollback.ts';
import type { Answered, Result } from '../fact.ts';
import type { Failure } from '../failure.ts';
import type { StepState } from '../state/node.ts';
import type { Decision } from './decision.ts';
import { finishStep } from './finish-step.ts';
import { taskOp } from './task-op.ts';

/** The failure of a rollback task that found the change of somebody else, and wrote nothing. */
export const foundOtherChange = (result: Result): Failure | undefined =>
  result.status === 'failed' && result.failure.changedByOthers ? result.failure : undefined;

/**
 * Asks a person who wins: the run, which then overwrites, or the person who made the change, and then the step counts as rolled back. Other
 * rollbacks continue meanwhile.
 */
export function askWhoWins(decision: Decision, step: StepState, { message }: Failure): void {
  const { state } = decision;
  const { key } = step.plan;
  const { conflicts } = unitOfRollback(decision, step);
  decision.do({
    do: 'start',
    op: {
      op: 'ask',
      key: `${key}!overwrite.${String(conflicts + 1)}`,
      step: key,
      question: 'changed-by-others',
      text: message,
      quorum: 1,
      of: [],
      fingerprint: state.plan.fingerprint,
    },
  });
}

/** Yes: the rollback is tried again, and overwrites. No: what is there stays, and counts as rolled back. */
export function winnerNamed(decision: Decision, step: StepState, { answer, who }: Answered): void {
  const { key } = step.plan;
  const { key: unit, at } = unitOfRollback(decision, step);
  if (at !== 'running') return;
  const isList = step.plan.phase === 'rollback';
  if (answer === 'no') {
    if (isList) finishStep(decision, step, 'cancelled', { because: `${who.who} reported that it is rolled back` });
    decision.do({ do: 'finish-rollback', unit, end: 'rolled-back' });
  } else if (isList) decision.do({ do: 'queue', step: key });
  else decision.do({ do: 'start', op: taskOp(decision.state, step, 'rollback', step.config ?? null) });
}

/** The rollback that the step is rolled back by, or is a step of. */
function unitOfRollback({ state }: Decision, step: StepState) {
  const { key } = step.plan;
  const unit = rollbackOf(state).units.get(state.unitOfRollbackStep.get(key) ?? key);
  if (unit === undefined) throw new Error(`${key} is not being rolled back`);
  return unit;
}
