import type { Json } from '../../../contract/index.ts';
import { canonicalJson } from '../../../util/canonical-json.ts';
import type { StepState } from './node.ts';
import type { RunState } from './run-state.ts';

/** The state that was saved last for each target of the step type, the newest last; none where the type names no target. */
export function leftBefore({ left }: RunState, { plan: { act } }: StepState): readonly Json[] {
  return act.act === 'task' && act.target !== undefined ? [...(left.get(act.uses)?.values() ?? [])] : [];
}

/** Remembers what a task of the step has left. */
export function rememberLeft({ left }: RunState, { plan: { act } }: StepState, saved: Json): void {
  if (act.act !== 'task' || act.target === undefined) return;
  const fields = saved as Readonly<Record<string, Json>>;
  const target = canonicalJson(act.target.map((name) => fields[name] ?? null));
  const ofType = left.get(act.uses) ?? new Map<string, Json>();
  // The newest is the last one, also where it replaces an older one.
  ofType.delete(target);
  left.set(act.uses, ofType.set(target, saved));
}
