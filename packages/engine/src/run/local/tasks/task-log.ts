import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { TaskOp } from '../../core/op.ts';
import type { Mask, MaskStream } from '../mask-secrets.ts';
import type { TaskDeps } from './task-deps.ts';

export type LogStream = 'stdout' | 'stderr' | 'log';

const keptLines = 10;
/** A line that is longer is cut into pieces, so that a command without line ends cannot fill the memory. */
const longestLine = 64 * 1024;

/** The log of one attempt: masked, line by line, into its file and to whoever watches. The file is made by the first line. */
export class TaskLog {
  readonly #op: TaskOp;
  readonly #deps: TaskDeps;
  readonly #streams = new Map<LogStream, LineStream>();
  readonly #last: string[] = [];
  #file: number | 'refused' | undefined;

  constructor(op: TaskOp, deps: TaskDeps) {
    this.#op = op;
    this.#deps = deps;
  }

  write(stream: LogStream, chunk: string): void {
    this.#emit(stream, this.#streamOf(stream).push(chunk));
  }

  /** Whole lines. */
  line(text: string): void {
    this.write('log', `${text}\n`);
  }

  /** The end of the output, masked. */
  lastLines(): readonly string[] {
    return this.#last.filter((line) => line.trim() !== '');
  }

  /** Writes what has no line end yet. */
  flush(): void {
    for (const [stream, lines] of this.#streams) this.#emit(stream, lines.end());
    this.#streams.clear();
  }

  close(): void {
    this.flush();
    if (typeof this.#file === 'number') closeSync(this.#file);
    this.#file = 'refused';
  }

  #streamOf(stream: LogStream): LineStream {
    let lines = this.#streams.get(stream);
    if (lines === undefined) this.#streams.set(stream, (lines = new LineStream(this.#deps.mask)));
    return lines;
  }

  #emit(stream: LogStream, lines: readonly string[]): void {
    if (lines.length === 0) return;
    this.#last.push(...lines.slice(-keptLines));
    this.#last.splice(0, this.#last.length - keptLines);
    this.#writeFile(lines);
    const { step, verb, attempt } = this.#op;
    const { run, clock, onLive } = this.#deps;
    for (const line of lines) onLive({ run, at: clock.now(), type: 'log', step, verb, attempt, stream, line });
  }

  /** A log that cannot be written must not fail a release; it is said once, live. */
  #writeFile(lines: readonly string[]): void {
    if (this.#file === 'refused') return;
    try {
      this.#file ??= this.#open();
      writeSync(this.#file, `${lines.join('\n')}\n`);
    } catch (error) {
      this.#file = 'refused';
      this.#emit('log', [`relpipe cannot write this log: ${error instanceof Error ? error.message : String(error)}`]);
    }
  }

  #open(): number {
    const path = this.#deps.folder.logFile(this.#op);
    mkdirSync(dirname(path), { recursive: true });
    return openSync(path, 'a');
  }
}

class LineStream {
  readonly #mask: MaskStream;
  #rest = '';

  constructor(mask: Mask) {
    this.#mask = mask.stream();
  }

  push(chunk: string): readonly string[] {
    const lines = (this.#rest + this.#mask.push(chunk)).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > longestLine) {
      lines.push(this.#rest);
      this.#rest = '';
    }
    return lines.map(withoutReturn);
  }

  end(): readonly string[] {
    const rest = this.#rest + this.#mask.end();
    this.#rest = '';
    return rest === '' ? [] : rest.split('\n').map(withoutReturn);
  }
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);
