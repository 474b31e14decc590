import type { Commanded } from '../fact.ts';
import { groupsIn, peopleIn, unresolvedIn } from '../people.ts';
import type { RunState } from '../state/run-state.ts';

/** Whether this person may operate the run. Groups that could not be looked up have no members. */
export function mayOperate({ plan: { operators } }: RunState, { who, groups = {} }: Pick<Commanded, 'who' | 'groups'>): boolean {
  if (operators === undefined) return true;
  return unresolvedIn(groupsIn(operators), groups) === undefined && peopleIn(operators, groups).includes(who.who);
}
