import type { Ms } from '../../validate/words.ts';
import { failureOf } from './failure.ts';
import type { GateLook, StepState } from './node.ts';
import type { RunState } from './run-state.ts';
import { settleStep } from './settle.ts';
import { askForTurn } from './trouble.ts';

/**
 * A hold is over when its time is over AND every gate has looked as far as its end AND says pass on at least one value. After a park the
 * timer is always first: without the second condition it would promote what nobody looked at. On the way back only the time counts: that
 * its gates do not pass is why the run goes back.
 */
export function endWhenGatesPass(state: RunState, step: StepState): void {
  const { act } = step.plan;
  if (step.at !== 'running' || step.stop || step.stuck !== undefined) return;
  if (act.act === 'hold' && step.isHoldOver) {
    if (step.plan.phase === 'undo') return settleStep(state, step, 'succeeded');
    return endHold(state, step, act.atEnd);
  }
  if (act.act === 'gate' && gatesOf(step).every((look) => look !== undefined && passes(look) && look.conclusive))
    settleStep(state, step, 'succeeded', { because: 'every gate passed' });
}

function endHold(state: RunState, step: StepState, atEnd: 'wait' | 'freeze' | 'fail'): void {
  const end = step.holdEndsAt ?? 0;
  const looks = gatesOf(step);
  const isCovered = looks.every((look) => look !== undefined && look.until >= end);
  if (isCovered && looks.every((look) => look !== undefined && passes(look))) return settleStep(state, step, 'succeeded');
  const haveLooked = looks.every((look) => look !== undefined && hasLookedAt(look, end));
  if (atEnd === 'wait' || !haveLooked) {
    step.next = 'wait';
    if (haveLooked) state.news.push({ what: 'gates-do-not-pass', step: step.plan.key });
    return;
  }
  const because = `at its end ${notPassing(step)}`;
  if (atEnd === 'freeze') freezeStep(state, step, because);
  else settleStep(state, step, 'failed', { because, failure: failureOf('REL_GATE_NOT_PASSED', because) });
}

/** What cannot be asked covers nothing, and yet has been tried. */
const hasLookedAt = ({ until, verdict, observedAt }: GateLook, end: Ms): boolean => until >= end || (verdict === 'error' && observedAt >= end);

/** The step stays as it is and its gates go on looking; a person decides. */
export function freezeStep(state: RunState, step: StepState, because: string): void {
  step.stuck = because;
  askForTurn(state, 'freeze', `${step.plan.key}: ${because}`);
}

/** Zero measurements never pass, whatever a judge says. */
const passes = (look: GateLook): boolean => look.verdict === 'pass' && look.measured > 0;

const gatesOf = (step: StepState): (GateLook | undefined)[] =>
  step.plan.gates.filter(({ gate }) => !step.forgiven.has(gate)).map(({ gate }) => step.looks.get(gate));

const notPassing = (step: StepState): string =>
  step.plan.gates
    .map(({ gate }) => ({ gate, look: step.looks.get(gate) }))
    .filter(({ gate, look }) => !step.forgiven.has(gate) && !(look && passes(look)))
    .map(({ gate, look }) => `gate ${gate} says ${look?.verdict ?? 'nothing'}${look ? ` (${look.because})` : ''}`)
    .join('; ');
