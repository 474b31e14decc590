import { spawn, type ChildProcess } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ProgramOptions {
  readonly name: string;
  /** A script and its arguments, for the Node that runs this. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly onLine?: (line: string) => void;
}

/** A started program, its output and its end. */
export class Program {
  readonly name: string;
  readonly lines: string[] = [];
  /** Exit code, or the name of the signal that ended it. */
  readonly ended: Promise<number | string>;
  readonly #child: ChildProcess;
  readonly #onLine: (line: string) => void;
  readonly #readers = new Set<() => void>();
  #hasEnded = false;

  constructor({ name, args, cwd, onLine = () => undefined }: ProgramOptions) {
    this.name = name;
    this.#onLine = onLine;
    const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const output of [child.stdout, child.stderr]) createInterface(output).on('line', (line) => this.#read(line));
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
    });
    child.once('close', () => this.#end());
    this.#child = child;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The first line that matches, also one that was printed before. */
  async line(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = this.lines.map((line) => pattern.exec(line)).find((match) => match !== null);
      if (found !== undefined) return found;
      if (this.#hasEnded) throw new Error(`${this.name} ended before it printed ${String(pattern)}.`);
      await new Promise<void>((resolve) => this.#readers.add(resolve));
    }
  }

  /** Sends SIGTERM, and after five seconds SIGKILL. */
  async stop(): Promise<void> {
    if (!this.isRunning) return;
    this.#child.kill('SIGTERM');
    const gaveUp = new AbortController();
    const grace = sleep(5000, 'late', { signal: gaveUp.signal }).catch(() => 'ended');
    if ((await Promise.race([this.ended, grace])) === 'late') this.kill();
    gaveUp.abort();
    await this.ended;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #read(line: string): void {
    this.lines.push(line);
    this.#onLine(line);
    this.#notifyReaders();
  }

  #end(): void {
    this.#hasEnded = true;
    this.#notifyReaders();
  }

  #notifyReaders(): void {
    for (const notify of this.#readers) notify();
    this.#readers.clear();
  }
}

/** `node` in the pipeline is the Node that runs this. */
const env = { ...process.env, PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter) };
