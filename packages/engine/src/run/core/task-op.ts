import type { TaskVerb } from '../../contract/index.ts';
import type { ResolvedValue, TaskOp } from './op.ts';
import type { RunState, StepState } from './run-state.ts';
import { groupOf, stepOf } from './run-state.ts';

/** The next try of what a step does. */
export function tryOp(state: RunState, step: StepState, config: ResolvedValue): TaskOp {
  const { releases } = step.plan;
  return releases === undefined ? taskOp(state, step, 'run', config) : releaseOp(state, step, stepOf(state, releases));
}

/** A task of a step, as data. Its configuration was resolved when the step began, and stays the same for every try. */
export function taskOp(state: RunState, step: StepState, verb: TaskVerb, config: ResolvedValue): TaskOp {
  const { act, key } = step.plan;
  if (act.act !== 'task') throw new Error(`${key} is no task`);
  const attempt = attemptOf(state, step, verb);
  return {
    op: 'task',
    key: `${key}!${verb}.${String(attempt)}`,
    step: key,
    verb,
    attempt,
    uses: act.uses,
    with: config,
    ...(step.saved !== undefined && { saved: step.saved }),
    ...(step.output !== undefined && { output: step.output }),
    ...(isOfUndo(verb) && { because: state.because ?? 'rollback' }),
    timeoutMs: act.attemptTimeoutMs,
    idempotencyKey: `${state.run}/${key}/${verb}`,
  };
}

/** With the configuration, state and output of the step that is released. */
function releaseOp(state: RunState, step: StepState, released: StepState): TaskOp {
  return {
    ...taskOp(state, step, 'release', released.config ?? null),
    ...(released.saved !== undefined && { saved: released.saved }),
    ...(released.output !== undefined && { output: released.output }),
    because: endOf(state, step),
    idempotencyKey: `${state.run}/${released.plan.key}/release`,
  };
}

/** What is over. */
function endOf(state: RunState, { plan: { group } }: StepState): string {
  const { kind, parent } = groupOf(state, group).plan;
  if (kind !== 'release') return 'the step has ended';
  return parent === '' ? 'the run is over' : `stage ${parent ?? ''} is over`;
}

function attemptOf(state: RunState, step: StepState, verb: TaskVerb): number {
  if (verb === 'run' || verb === 'release') return step.attempts + 1;
  if (verb === 'probe') return step.probes + 1;
  const undo = state.back?.undos.get(step.plan.key);
  if (verb === 'confirm') return (undo?.byHand?.confirms ?? 0) + 1;
  if (verb === 'instruct') return (undo?.byHand?.instructs ?? 0) + 1;
  return (undo?.attempts ?? 0) + 1;
}

/** It works on taking a step back. */
export const isOfUndo = (verb: TaskVerb): boolean => verb === 'undo' || verb === 'confirm' || verb === 'instruct';
