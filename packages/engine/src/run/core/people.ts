import type { Value } from '../../expressions/value.ts';
import type { PlanPeople } from '../../plan/act.ts';
import type { ResolvedGroups } from './fact.ts';

/** The groups in these lists whose members only a command or a plugin knows. */
export const groupsIn = (...lists: readonly (PlanPeople | undefined)[]): readonly string[] => [
  ...new Set(lists.flatMap((list = []) => list.flatMap((entry) => (typeof entry === 'object' && 'group' in entry ? [entry.group] : [])))),
];

/** Everybody may stop an emergency: these commands to an open run need no operator and wait for no look-up. */
export const isForEverybody = (command: string): boolean => command === 'rollback' || command === 'pause';

/** Why one of these groups has no members yet; undefined when all were found. */
export function unresolvedIn(names: readonly string[], groups: ResolvedGroups = {}): string | undefined {
  for (const name of names) {
    const found = groups[name];
    if (found === undefined) return `the group ${name} was not resolved`;
    if ('problem' in found) return `the group ${name} cannot be resolved: ${found.problem}`;
  }
  return undefined;
}

/** The people of a list by name, each once. `namesOf` evaluates expressions. A group that could not be resolved has nobody. */
export function peopleIn(list: PlanPeople, groups: ResolvedGroups = {}, namesOf: (names: Value) => readonly string[] = () => []): readonly string[] {
  const people = list.flatMap((entry) => {
    if (typeof entry === 'string') return [entry];
    if ('names' in entry) return namesOf(entry.names);
    const found = groups[entry.group];
    return found !== undefined && 'people' in found ? found.people : [];
  });
  return [...new Set(people)];
}
