import { spawn } from 'node:child_process';
import type { ProcessBook } from '../process-book.ts';
import type { CommandStarter, CommandToStart, OnOutput, StartedCommand } from './command-starter.ts';
import { followCommand } from './follow-command.ts';

/** This process starts the commands. A bare spawn: half the cost of a library's, and a run may have a thousand. */
export class DirectStarter implements CommandStarter {
  readonly #book: ProcessBook;
  readonly #environment: Readonly<Record<string, string>>;

  constructor(book: ProcessBook, environment: Readonly<Record<string, string>>) {
    this.#book = book;
    this.#environment = environment;
  }

  async start({ key, argv, cwd, env }: CommandToStart, onOutput: OnOutput): Promise<StartedCommand | undefined> {
    const [file = '', ...args] = argv;
    const child = this.#book.start(key, () =>
      spawn(file, args, { cwd, env: { ...this.#environment, ...env }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] }),
    );
    const ended = followCommand(child, onOutput);
    return child.pid === undefined ? undefined : { leader: child.pid, ended };
  }

  close(): void {
    // Whoever has begun nothing new starts nothing.
  }
}
