import type { ResolvedValue, TaskOp, TaskVerb } from './op.ts';
import type { RunState, StepState } from './run-state.ts';

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
    ...(verb === 'undo' && { because: state.because ?? 'rollback' }),
    timeoutMs: act.attemptTimeoutMs,
    idempotencyKey: `${state.run}/${key}/${verb}`,
  };
}

function attemptOf(state: RunState, step: StepState, verb: TaskVerb): number {
  if (verb === 'run') return step.attempts + 1;
  if (verb === 'probe') return step.probes + 1;
  return (state.back?.undos.get(step.plan.key)?.attempts ?? 0) + 1;
}
