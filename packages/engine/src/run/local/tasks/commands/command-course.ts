import type { EndedCommand, OnOutput, OutputName } from './command-starter.ts';

/** After the end of a command, for as long something it left in the background may hold its outputs. */
const drainMs = 500;

/** A started command on its way: tells what it prints, and resolves `ended` when it has exited and its outputs are closed or left. */
export class CommandCourse {
  readonly #onOutput: OnOutput;
  readonly #leave: () => void;
  readonly #open = new Set<OutputName>(['stdout', 'stderr']);
  readonly #ended = Promise.withResolvers<EndedCommand>();
  #end: EndedCommand | undefined;
  #isOver = false;

  /** `leave`: its outputs are still to be read, because who writes to an output without a reader is killed, but nobody is told. */
  constructor(onOutput: OnOutput, leave: () => void) {
    this.#onOutput = onOutput;
    this.#leave = leave;
    // Nobody waits for the end of what has not started.
    this.#ended.promise.catch(() => undefined);
  }

  /** Rejects with what it was given as lost by. */
  get ended(): Promise<EndedCommand> {
    return this.#ended.promise;
  }

  prints(name: OutputName, chunk: Buffer): void {
    if (!this.#isOver) this.#onOutput(name, chunk);
  }

  closes(name: OutputName): void {
    this.#open.delete(name);
    this.#settle();
  }

  exits(end: EndedCommand): void {
    this.#end = end;
    this.#settle();
    // The outputs are read once more: this process may have been away for all that time.
    if (!this.#isOver) setTimeout(() => setImmediate(() => this.#giveUp()), drainMs).unref();
  }

  isLost(because: Error): void {
    this.#isOver = true;
    this.#ended.reject(because);
  }

  #settle(): void {
    if (this.#isOver || this.#end === undefined || this.#open.size > 0) return;
    this.#isOver = true;
    this.#ended.resolve(this.#end);
  }

  #giveUp(): void {
    if (this.#isOver) return;
    this.#leave();
    this.#open.clear();
    this.#settle();
  }
}
