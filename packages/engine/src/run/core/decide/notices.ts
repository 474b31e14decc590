import type { Outcome } from '../../../contract/index.ts';
import type { NotifyEvent } from '../../../model/notify.ts';
import { previousWeightIn, weightIn } from '../weight.ts';
import type { Change, ChangeOf } from '../change.ts';
import type { NoticeBody } from '../notice.ts';
import type { StepState } from '../state/node.ts';
import { stepOf, type RunState } from '../state/run-state.ts';

/** The events in a decision. They follow from the decided changes alone, and change nothing about them. */
export const noticesOf = (changes: readonly Change[], state: RunState): readonly NoticeBody[] =>
  changes.flatMap((change) => noticesOfChange(change, state));

function noticesOfChange(change: Change, state: RunState): readonly NoticeBody[] {
  switch (change.do) {
    case 'open':
      return change.group === '' ? [{ event: 'started' }] : [];
    case 'start':
      return asked(change);
    case 'finish':
      return finished(stepOf(state, change.step), change);
    case 'block':
    case 'ignore-gate': {
      const step = stepOf(state, change.step);
      return [{ event: 'failed', step: change.step, ...('because' in change && { because: change.because }), ...gatesOf(step) }];
    }
    case 'cancel-group':
      return change.failed ? [{ event: 'failed', step: change.group, because: change.because }] : [];
    case 'transition':
      return [
        ...(change.to === 'paused' ? [{ event: 'paused', because: change.because } as const] : []),
        ...(change.leftInPlace ? [{ event: 'override', because: change.because } as const] : []),
      ];
    case 'halt':
      // The change to mode paused was an event already.
      return state.mode === 'paused' ? [] : [{ event: 'paused', because: change.because }];
    case 'finish-rollback':
      return rollbackEnded(change, state);
    case 'end':
      return [{ event: wordFor[change.outcome] ?? 'ended', outcome: change.outcome, notRolledBack: change.notRolledBack, ...becauseOf(state) }];
    default:
      return [];
  }
}

/** That a rollback failed was an event when it happened. */
const wordFor: Readonly<Partial<Record<Outcome, NotifyEvent>>> = {
  succeeded: 'succeeded',
  'partially-succeeded': 'succeeded',
  'rolled-back': 'rolled-back',
  stopped: 'stopped',
};

const asked = ({ op }: ChangeOf<'start'>): readonly NoticeBody[] =>
  op.op === 'ask' ? [{ event: 'waiting', step: op.step, question: { kind: op.question, text: op.text, people: op.of } }] : [];

function finished(step: StepState, { step: key, end, because, failure, overridden }: ChangeOf<'finish'>): readonly NoticeBody[] {
  const why = because === undefined ? {} : { because };
  if (end === 'succeeded') {
    const weight = weightSet(step);
    return [
      ...(overridden ? [{ event: 'override', step: key, ...why } as const] : []),
      ...(weight === undefined ? [] : [{ event: 'weight', step: key, weight } as const]),
    ];
  }
  // A failure in a rollback is an event when the rollback has ended.
  if ((end !== 'failed' && end !== 'unknown') || step.plan.phase === 'rollback') return [];
  const { failure: recorded = failure } = step;
  return [{ event: 'failed', step: key, ...why, ...(recorded && { failure: recorded }), ...gatesOf(step) }];
}

/** A weight that a step has set to another one than before. */
function weightSet({ output }: StepState): number | undefined {
  const weight = weightIn(output);
  return weight === previousWeightIn(output) ? undefined : weight;
}

function rollbackEnded({ unit, end, failure }: ChangeOf<'finish-rollback'>, state: RunState): readonly NoticeBody[] {
  if (end === 'failed') return [{ event: 'rollback-failed', step: unit, ...(failure && { because: failure.message, failure }) }];
  const weight = previousWeightIn(state.steps.get(unit)?.output);
  return weight === undefined ? [] : [{ event: 'weight', step: unit, weight }];
}

function gatesOf({ evaluations }: StepState): Pick<NoticeBody, 'gates'> {
  const gates = [...evaluations].filter(([, { verdict }]) => verdict !== 'pass').map(([gate, { verdict, because }]) => ({ gate, verdict, because }));
  return gates.length > 0 ? { gates } : {};
}

const becauseOf = ({ because, failed }: RunState): Pick<NoticeBody, 'because'> => {
  if (because !== undefined) return { because };
  return failed.length > 0 ? { because: `failed: ${failed.join(', ')}` } : {};
};
