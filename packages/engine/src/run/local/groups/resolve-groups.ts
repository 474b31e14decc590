import type { ReadContext } from '../../../contract/index.ts';
import { readStepError } from '../../../errors/read-step-error.ts';
import type { Plan, PlanGroup } from '../../../plan/plan.ts';
import { messageOf, shorten } from '../../../util/phrases.ts';
import { timeLimit } from '../../../util/time-limit.ts';
import type { ResolvedGroups } from '../../core/fact.ts';
import type { ResolvedValue } from '../../core/operation.ts';
import { decodeConfig, type Workplace } from '../tasks/workplace.ts';
import { groupResolvedWithinMs, lastWordMs } from '../timeouts.ts';

/** What it takes to look groups up: in a run, or for a person who answers. */
export interface GroupDeps extends Pick<Workplace, 'registry' | 'codec' | 'secrets' | 'mask'> {
  readonly people: Plan['people'];
  /** `group`: its command starts in the folder of its file. */
  readonly contextFor: (signal: AbortSignal, group: string) => ReadContext;
}

/** The members of these groups now. Never rejects: a group that cannot be resolved has a problem instead of people. */
export async function resolveGroups(names: readonly string[], deps: GroupDeps, signal: AbortSignal): Promise<ResolvedGroups> {
  const limit = timeLimit(groupResolvedWithinMs, lastWordMs);
  const aborted = AbortSignal.any([signal, limit.signal]);
  const found = names.map(async (name) => {
    const late = limit.isOver.then((problem) => ({ problem }));
    return [name, await Promise.race([resolveGroup(deps.people?.[name], deps, deps.contextFor(aborted, name)), late])] as const;
  });
  return Object.fromEntries(await Promise.all(found).finally(limit.callOff));
}

async function resolveGroup(group: PlanGroup | undefined, deps: GroupDeps, context: ReadContext): Promise<ResolvedGroups[string]> {
  const type = group && deps.registry.groups.get(group.uses);
  if (!type) return { problem: group === undefined ? 'the plan does not have it' : `no plugin supplies ${group.uses}` };
  try {
    const people = await type.members(decodeConfig(deps, type.with, group.with as ResolvedValue), context);
    return checked(people, deps);
  } catch (error) {
    const message = readStepError(error)?.message ?? messageOf(error);
    return { problem: shorten(deps.mask.text(message)).replace(/\.$/, '') };
  }
}

/** The compiler of a plugin would not let anything else pass, but not every plugin has one. */
function checked(people: unknown, { mask }: GroupDeps): ResolvedGroups[string] {
  if (!areNames(people)) return { problem: 'the answer is not a list of names' };
  const names = [...new Set(people)];
  const secret = names.map((name) => mask.find(name)).find((name) => name !== undefined);
  return secret === undefined ? { people: names } : { problem: `the answer contains the secret ${secret}` };
}

const areNames = (people: unknown): people is readonly string[] =>
  Array.isArray(people) && people.every((name) => typeof name === 'string' && name.trim() !== '');
