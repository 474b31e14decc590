import type { GroupReturn } from '../core/change.ts';
import type { Ms } from '../../model/ms.ts';
import { type GroupAnswer, type GroupAsk, type GroupRow, isHeld, returnGroup, takeGroup } from '../store/group-rules.ts';

/** The groups of several simulated runs, by the same rules as those of every store. */
export class SimulatedGroups {
  #rows: readonly GroupRow[] = [];
  readonly #runs = new Map<string, GroupMember>();

  /** From here the run hears what happens to its groups; a run that is taken up is entered again. */
  enter(run: string, member: GroupMember): void {
    this.#runs.set(run, member);
  }

  take(ask: GroupAsk): GroupAnswer {
    const { answer, changed } = takeGroup(this.#rows, ask);
    this.#write(changed);
    if (answer.is === 'waiting' && ask.onConflict === 'supersede') this.#runs.get(answer.holder)?.onSuperseded();
    return answer;
  }

  giveBack(run: string, { lock: group, effect }: GroupReturn, at: Ms): void {
    const changed = returnGroup(this.#rows, { group, run, effect });
    this.#write(changed);
    for (const row of changed) if (row.at === 'granted') this.#runs.get(row.run)?.onGranted(row.group, at);
  }

  isHeldBy(run: string, group: string): boolean {
    return this.#rows.some((row) => row.run === run && row.group === group && isHeld(row));
  }

  #write(changed: readonly GroupRow[]): void {
    const isChanged = (row: GroupRow): boolean => changed.some(({ group, run }) => row.group === group && row.run === run);
    this.#rows = [...this.#rows.filter((row) => !isChanged(row)), ...changed];
  }
}

interface GroupMember {
  onGranted(group: string, at: Ms): void;
  /** Another run asks this one to roll back. */
  onSuperseded(): void;
}
