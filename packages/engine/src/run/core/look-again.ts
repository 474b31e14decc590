import { unitOf } from './clearance.ts';
import type { RunState } from './run-state.ts';

/** A run that is taken up looks at everything once. */
export function lookAgain(state: RunState): void {
  for (const key of state.steps.keys()) state.dirty.add(key);
  for (const [key, group] of state.groups) if (group.at !== 'waiting') state.dirty.add(key);
  for (const step of state.steps.values()) if (step.plan.phase === 'main') state.back?.dirty.add(unitOf(state, step));
}
