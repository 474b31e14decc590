import type { Plan } from '../../../plan/plan.ts';
import type { ResolvedGroups } from '../../core/fact.ts';
import { type OpKey, ownerOf, type ResolveOp } from '../../core/operation.ts';
import type { InboxCommand } from '../../store/inbox-command.ts';
import { readContext } from '../tasks/task-context.ts';
import type { Workplace } from '../tasks/workplace.ts';
import { groupsFor } from './groups-for.ts';
import { resolveGroups } from './resolve-groups.ts';

/** Looks up the groups of a run where it is driven: for a question that is going to be asked, and for a command that has arrived. */
export class GroupLookUp {
  readonly #plan: Plan;
  readonly #workplace: Workplace;
  readonly #closing = new AbortController();

  constructor(plan: Plan, workplace: Workplace) {
    this.#plan = plan;
    this.#workplace = workplace;
  }

  forQuestion({ groups, key }: ResolveOp, signal: AbortSignal): Promise<ResolvedGroups> {
    return this.#resolve(groups, key, signal);
  }

  /** The groups whose people decide whether the command counts. */
  groupsFor(command: InboxCommand): readonly string[] {
    return groupsFor(this.#plan, command);
  }

  forCommand(groups: readonly string[], command: InboxCommand): Promise<ResolvedGroups> {
    const step = 'key' in command ? ownerOf(command.key) : '';
    return this.#resolve(groups, `${step}!groups.${command.id}`, this.#closing.signal);
  }

  stop(): void {
    this.#closing.abort();
  }

  #resolve(groups: readonly string[], key: OpKey, signal: AbortSignal): Promise<ResolvedGroups> {
    const contextFor = (aborted: AbortSignal, group: string) => {
      const workdir = this.#workplace.workdirOf(group);
      return readContext({ ...this.#workplace, workdir }, key, aborted, () => undefined);
    };
    return resolveGroups(groups, { ...this.#workplace, people: this.#plan.people, contextFor }, signal);
  }
}
