import type { Result } from './fact.ts';
import type { AskOp, Op, TaskOp } from './op.ts';
import type { StepState } from './node.ts';
import type { ByHand, RunState, UndoState } from './run-state.ts';
import { taskOp } from './task-op.ts';

/**
 * What an assisted undo needs next. It looks whether it is done; where it is not, it says what a person has to do, asks, and looks again
 * when there is an answer.
 */
export function byHandOp(state: RunState, step: StepState, undo: UndoState | undefined): Op {
  const byHand = undo?.byHand ?? newByHand;
  return undo?.next === 'ask' ? askOp(state, step, byHand) : taskOp(state, step, byHand.verb, step.config ?? null);
}

const newByHand: ByHand = { verb: 'confirm', confirms: 0, instructs: 0, questions: 0, instruction: '' };

function askOp(state: RunState, { plan: { key } }: StepState, { questions, instruction, seen }: ByHand): AskOp {
  return {
    op: 'ask',
    key: `${key}!by-hand.${String(questions + 1)}`,
    step: key,
    question: 'undo-by-hand',
    text: questions === 0 || seen === undefined ? instruction : `${instruction} (Last time: ${seen})`,
    quorum: 1,
    of: [],
    fingerprint: state.plan.fingerprint,
  };
}

/** It was recorded that this begins. */
export function byHandBegan(undo: UndoState, op: TaskOp | AskOp): void {
  undo.byHand ??= { ...newByHand };
  if (op.op === 'ask') undo.byHand.questions++;
  else if (op.verb === 'confirm') undo.byHand.confirms = op.attempt;
  else undo.byHand.instructs = op.attempt;
}

/** A person says that it is done. */
export function lookByHand(undo: UndoState, byHand: ByHand): void {
  byHand.verb = 'confirm';
  undo.next = 'run';
}

/** A person is to be asked, once more where they were asked before. */
export function askByHand(undo: UndoState, byHand: ByHand, seen: string): void {
  byHand.verb = 'instruct';
  byHand.seen = seen;
  undo.failures = 0;
  undo.next = 'run';
}

/** Folds what a look or an instruction has given; whether that was the end of it. */
export function isDoneByHand(undo: UndoState, byHand: ByHand, result: Extract<Result, { status: 'succeeded' | 'probed' }>): boolean {
  if (result.status === 'probed') {
    if (result.found === 'done') return true;
    askByHand(undo, byHand, result.detail ?? 'it was not done yet');
    return false;
  }
  byHand.instruction = typeof result.output === 'string' ? result.output : '';
  undo.failures = 0;
  undo.next = 'ask';
  return false;
}
