import { messageOf } from '../../../util/phrases.ts';
import type { TaskOp } from '../../core/operation.ts';
import type { Mask, MaskStream } from '../masking/mask-secrets.ts';
import { LogFile } from './log-file.ts';
import type { Workplace } from './workplace.ts';

export type LogStream = 'stdout' | 'stderr' | 'log';

const keptLines = 10;
/** A line that is longer is cut into pieces, so that a command without line ends cannot fill the memory. */
const longestLine = 64 * 1024;

/** The log of one attempt, whose lines are live events too. */
export function attemptLog({ step, verb, attempt }: TaskOp, { run, clock, folder, mask, onLive }: Workplace): StepLog {
  const file = folder.logFile({ step, verb, attempt });
  return new StepLog(file, mask, (stream, line) => onLive({ run, at: clock.now(), type: 'log', step, verb, attempt, stream, line }));
}

/** A log: masked, line by line, into its file and to `onLine`. The file is made by the first line. */
export class StepLog {
  readonly #path: string;
  readonly #mask: Mask;
  readonly #onLine: (stream: LogStream, line: string) => void;
  readonly #streams = new Map<LogStream, LineStream>();
  readonly #last: string[] = [];
  #file: LogFile | 'refused' | undefined;

  constructor(path: string, mask: Mask, onLine: (stream: LogStream, line: string) => void) {
    this.#path = path;
    this.#mask = mask;
    this.#onLine = onLine;
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
    if (this.#file !== 'refused') this.#file?.close();
    this.#file = 'refused';
  }

  #streamOf(stream: LogStream): LineStream {
    let lines = this.#streams.get(stream);
    if (lines === undefined) this.#streams.set(stream, (lines = new LineStream(this.#mask)));
    return lines;
  }

  #emit(stream: LogStream, lines: readonly string[]): void {
    if (lines.length === 0) return;
    this.#last.push(...lines.slice(-keptLines));
    this.#last.splice(0, this.#last.length - keptLines);
    this.#writeFile(lines);
    for (const line of lines) this.#onLine(stream, line);
  }

  /** A log that cannot be written must not fail a release; it is reported once, live. */
  #writeFile(lines: readonly string[]): void {
    if (this.#file === 'refused') return;
    try {
      this.#file ??= new LogFile(this.#path);
      this.#file.write(`${lines.join('\n')}\n`);
    } catch (error) {
      this.#file = 'refused';
      this.#emit('log', [`relpipe cannot write this log: ${messageOf(error)}`]);
    }
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
