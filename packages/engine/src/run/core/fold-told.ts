import type { Fact } from './fact.ts';
import type { RunState } from './run-state.ts';

type Told = Extract<Fact, { fact: 'told' }>;

/** A person told the run what to do. What no longer makes sense does nothing, and stays in the record. */
export function foldTold(state: RunState, fact: Told): void {
  for (const step of state.running) state.dirty.add(step);
  const because = `${fact.tell} by ${fact.who.who}: ${fact.reason}`;
  if (fact.tell === 'abort') abort(state, because, fact.urgency ?? 'staged');
  else if (state.going === 'frozen') state.trouble = { to: 'forward', because };
  else if (state.going === 'back' && state.openTasks === 0 && state.back?.running === 0) state.trouble = { to: 'finally', because };
}

function abort(state: RunState, because: string, urgency: 'now' | 'staged'): void {
  if (state.going === 'finally') return;
  if (state.going === 'back') {
    if (urgency === 'now' && state.back?.urgency === 'staged') state.trouble = { to: 'back', because, urgency };
    return;
  }
  state.because ??= because;
  state.trouble = { to: 'back', because, urgency };
}
