import type { FactBody } from '../core/fact.ts';
import { isForEverybody } from '../core/people.ts';
import { factOfCommand, type InboxCommand } from '../store/inbox-command.ts';
import type { RunStore } from '../store/run-store.ts';
import type { RefusedCommand } from '../store/sealed-command.ts';
import type { Clock } from './clock.ts';
import type { GroupLookUp } from './groups/group-look-up.ts';
import { maskJson } from './masking/mask-json.ts';
import type { Mask } from './masking/mask-secrets.ts';

const firstPollMs = 150;
const slowestPollMs = 1_000;
const slowerEachTime = 1.05;

interface InboxDeps {
  readonly clock: Clock;
  readonly mask: Mask;
  readonly onRefused: (refused: readonly RefusedCommand[]) => void;
  /** Looks groups up, and never rejects. */
  readonly groups: Pick<GroupLookUp, 'groupsFor' | 'forCommand'>;
  /** A command is there whose groups were looked up. */
  readonly onResolved: () => void;
}

/** The commands from other processes to one run. Polls cheaply, and less and less often while nothing happens. */
export class Inbox {
  readonly #store: Pick<RunStore, 'inbox' | 'refusedCommands'>;
  readonly #run: string;
  readonly #clock: Clock;
  readonly #mask: Mask;
  readonly #onRefused: (refused: readonly RefusedCommand[]) => void;
  readonly #delivered = new Set<string>();
  readonly #groups: InboxDeps['groups'];
  readonly #onResolved: () => void;
  #resolved: FactBody[] = [];
  #lookUps = 0;
  #lastLookUp: Promise<void> = Promise.resolve();
  #pauseMs = firstPollMs;

  constructor(store: Pick<RunStore, 'inbox' | 'refusedCommands'>, run: string, { clock, mask, onRefused, groups, onResolved }: InboxDeps) {
    this.#store = store;
    this.#run = run;
    this.#clock = clock;
    this.#mask = mask;
    this.#onRefused = onRefused;
    this.#groups = groups;
    this.#onResolved = onResolved;
  }

  /** A command has arrived whose groups are being looked up, or were, and that nobody has taken yet. */
  get isLookingUp(): boolean {
    return this.#lookUps > 0 || this.#resolved.length > 0;
  }

  /** Resolves when every command that was taken is there. */
  whenResolved(): Promise<void> {
    return this.#lastLookUp;
  }

  /** New commands as facts, each once. Those that are refused are reported, each once. */
  async take(): Promise<readonly FactBody[]> {
    const refused = (await this.#store.refusedCommands(this.#run)).filter(({ id }) => !this.#delivered.has(id));
    for (const { id } of refused) this.#delivered.add(id);
    if (refused.length > 0) this.#onRefused(refused);
    const commands = (await this.#store.inbox(this.#run)).filter(({ id }) => !this.#delivered.has(id));
    for (const { id } of commands) this.#delivered.add(id);
    const ready = commands.flatMap((command) => this.#readyOrLater(command));
    return [...this.#resolved.splice(0), ...ready];
  }

  /**
   * A command that depends on groups waits until they are looked up, in the background: meanwhile the run continues. The commands after it wait
   * too, so that a person's last word stays the last; those that everybody may give do not.
   */
  #readyOrLater(command: InboxCommand): readonly FactBody[] {
    const fact = factOfCommand(withoutSecrets(command, this.#mask));
    const groups = this.#groups.groupsFor(command);
    if (groups.length === 0 && (this.#lookUps === 0 || isForEverybody(command.command))) return [fact];
    this.#lookUps++;
    this.#lastLookUp = this.#lastLookUp.then(async () => {
      const found = groups.length === 0 ? undefined : await this.#groups.forCommand(groups, command);
      this.#resolved.push(found === undefined ? fact : ({ ...fact, groups: found } as FactBody));
      this.#lookUps--;
      this.#onResolved();
    });
    return [];
  }

  /** Polls until something is there; returns a function that stops it. Keeps the process alive: a person may take their time. */
  poll(arrived: (bodies: readonly FactBody[]) => void, failed: (error: unknown) => void): () => void {
    let isStopped = false;
    let callOff = (): void => {};
    const read = async (): Promise<void> => {
      const bodies = await this.take();
      if (bodies.length > 0) {
        this.#pauseMs = firstPollMs;
        arrived(bodies);
        return;
      }
      this.#pauseMs = Math.min(slowestPollMs, this.#pauseMs * slowerEachTime);
      if (!isStopped) wait();
    };
    const wait = (): void => {
      callOff = this.#clock.after(this.#pauseMs, () => void read().catch(failed));
    };
    wait();
    return () => {
      isStopped = true;
      callOff();
    };
  }
}

/** The sender may not have known the secrets. What the core compares stays as it is. */
function withoutSecrets(command: InboxCommand, mask: Mask): InboxCommand {
  if ('reason' in command) return { ...command, reason: mask.text(command.reason) };
  const comment = command.comment === undefined ? {} : { comment: mask.text(command.comment) };
  if (command.command !== 'resolve' || command.output === undefined) return { ...command, ...comment };
  return { ...command, ...comment, output: maskJson(command.output, mask) };
}
