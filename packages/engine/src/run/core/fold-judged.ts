import { failureOf } from './failure.ts';
import type { Fact } from './fact.ts';
import { endWhenGatesPass, freezeStep } from './gates-of-step.ts';
import { isGroup, type StepState } from './node.ts';
import type { RunState } from './run-state.ts';
import { settleStep } from './settle.ts';
import { askForTurn } from './trouble.ts';

type Judged = Extract<Fact, { fact: 'judged' }>;

/** A gate gave its word about the step it watches. */
export function foldJudged(state: RunState, fact: Judged): void {
  const step = state.owners.get(fact.key);
  const op = step?.open.get(fact.key);
  if (step === undefined || isGroup(step) || op?.op !== 'watch') return;
  const { verdict, because, conclusive, measured, observedAt, coveredUntil: until } = fact;
  step.looks = new Map([...step.looks, [op.gate, { verdict, because, conclusive, measured, observedAt, until }]]);
  state.dirty.add(step);
  if (step.at !== 'running' || step.stop || step.stuck !== undefined) return;
  if (verdict === 'fail' && !step.forgiven.has(op.gate)) breached(state, step, op.gate, fact);
  else endWhenGatesPass(state, step);
}

function breached(state: RunState, step: StepState, gate: string, fact: Judged): void {
  const because = `gate ${gate} failed: ${fact.because}`;
  if (step.plan.phase === 'undo') return breachedOnTheWayBack(state, step, because, fact.critical);
  const entry = step.plan.gates.find((watched) => watched.gate === gate);
  const onFailure = entry?.onFailure ?? step.plan.onFailure;
  if (entry?.onFailure === 'continue') {
    step.forgiven = new Set([...step.forgiven, gate]);
    state.isPartial = true;
    return endWhenGatesPass(state, step);
  }
  if (onFailure === 'freeze') return freeze(state, step, because);
  const urgency = fact.critical ? 'now' : 'staged';
  if (onFailure !== 'continue') askForTurn(state, onFailure, `${step.plan.key}: ${because}`, urgency);
  if (step.plan.act.act === 'task') step.stop = { end: 'failed', because };
  else settleStep(state, step, 'failed', { because, failure: failureOf('REL_GATE_FAILED', because), urgency });
}

/** A ramp goes on while its gates fail, for that is why it was begun; a critical breach cuts it short. */
function breachedOnTheWayBack(state: RunState, step: StepState, because: string, isCritical: boolean): void {
  if (isCritical && step.plan.act.act === 'hold') settleStep(state, step, 'failed', { because, failure: failureOf('REL_GATE_FAILED', because) });
}

/** Whoever only waits is stuck until a person decides; who works may end its work. */
function freeze(state: RunState, step: StepState, because: string): void {
  if (step.plan.act.act === 'task') askForTurn(state, 'freeze', `${step.plan.key}: ${because}`);
  else freezeStep(state, step, because);
}
