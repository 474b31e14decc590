import type { Json } from '../../../contract/index.ts';
import { canonicalJson } from '../../../util/canonical-json.ts';
import type { ResolvedValue } from '../operation.ts';
import type { StepState } from './node.ts';
import type { RunState } from './run-state.ts';

/** The state that was saved last for what a step changes; undefined where the run has not changed it, or the step type names no target. */
export function leftBefore(state: RunState, step: StepState, config: ResolvedValue): Json | undefined {
  const target = targetOf(step, config);
  return target === undefined ? undefined : state.left.get(target);
}

/** Remembers what a task of the step has left. */
export function rememberLeft(state: RunState, step: StepState, config: ResolvedValue, saved: Json): void {
  const target = targetOf(step, config);
  if (target !== undefined) state.left.set(target, saved);
}

/** The step type, and the fields that its `target` names. */
function targetOf({ plan: { act } }: StepState, config: ResolvedValue): string | undefined {
  if (act.act !== 'task' || act.target === undefined) return undefined;
  const fields = config as Readonly<Record<string, Json>>;
  return canonicalJson([act.uses, ...act.target.map((name) => fields[name] ?? null)]);
}
