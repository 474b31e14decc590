import type { ChildProcessByStdio } from 'node:child_process';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { EndedCommand, OnOutput, OutputName } from './command-starter.ts';

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** Hands on what the command prints, as fast as it is taken, and resolves when it has ended. */
export function followCommand(child: Child, onOutput: OnOutput): Promise<EndedCommand> {
  const outputs = (['stdout', 'stderr'] as const).map((name) => new Output(child[name], name, onOutput));
  return new Promise((resolve) => {
    // Without a process there is only this event.
    child.once('error', () => resolve({ code: null, signal: null }));
    child.once('close', (code, signal) => resolve({ code, signal }));
    child.once('exit', (code, signal) => whenLeftOpen(outputs, () => resolve({ code, signal })));
  });
}

const drainMs = 500;

/** Something the command left in the background still holds its output: it is not waited for, and must not hold this process. */
function whenLeftOpen(outputs: readonly Output[], leave: () => void): void {
  const before = outputs.map(({ bytes }) => bytes);
  const look = (): void => {
    if (outputs.every(({ isClosed }) => isClosed)) return;
    if (outputs.some((output, place) => output.mayHoldMore(before[place] ?? 0))) return lookLater();
    for (const output of outputs) output.leave();
    leave();
  };
  const lookLater = (): void => void setTimeout(look, drainMs).unref();
  lookLater();
}

/** More than what the system keeps of an output that nobody reads. */
const mostHeld = 1024 * 1024;

class Output {
  readonly #stream: Readable;
  readonly #take: (chunk: Buffer) => void;
  #waits = false;
  bytes = 0;

  constructor(stream: Readable, name: OutputName, onOutput: OnOutput) {
    this.#stream = stream;
    this.#take = (chunk) => {
      this.bytes += chunk.length;
      const taken = onOutput(name, chunk);
      if (taken !== undefined) this.#pauseUntil(taken);
    };
    stream.on('data', this.#take);
  }

  get isClosed(): boolean {
    return this.#stream.closed;
  }

  /** Of what the command itself has written; it ended when so many bytes had been read. */
  mayHoldMore(bytesAtEnd: number): boolean {
    return this.#waits && this.bytes - bytesAtEnd < mostHeld;
  }

  /** It is still read, because who writes to an output without a reader is killed, but nobody is told. */
  leave(): void {
    this.#stream.off('data', this.#take).resume();
    if (this.#stream instanceof Socket) this.#stream.unref();
  }

  #pauseUntil(taken: Promise<void>): void {
    this.#waits = true;
    this.#stream.pause();
    void taken.then(() => {
      this.#waits = false;
      this.#stream.resume();
    });
  }
}
