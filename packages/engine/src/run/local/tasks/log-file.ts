import { closeSync, constants, fstatSync, ftruncateSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const MiB = 1024 * 1024;

/** How much of a log is kept: its start, and of its end at least this and at most twice as much. */
export interface LogLimits {
  readonly headBytes: number;
  readonly tailBytes: number;
}

const ourLimits: LogLimits = { headBytes: 8 * MiB, tailBytes: 8 * MiB };

/** A file that grows at its end, and loses its middle when it becomes too long. A line says then how much is missing, and where. */
export class LogFile {
  readonly #file: number;
  readonly #limits: LogLimits;
  #size: number;

  /** Continues a file that is there. */
  constructor(path: string, limits: LogLimits = ourLimits) {
    mkdirSync(dirname(path), { recursive: true });
    this.#file = openSync(path, constants.O_RDWR | constants.O_CREAT);
    this.#size = fstatSync(this.#file).size;
    this.#limits = limits;
  }

  write(text: string): void {
    const { headBytes, tailBytes } = this.#limits;
    this.#writeAt(Buffer.from(text), this.#size);
    if (this.#size > headBytes + 2 * tailBytes) this.#leaveOutTheMiddle();
  }

  close(): void {
    closeSync(this.#file);
  }

  #leaveOutTheMiddle(): void {
    const { headBytes, tailBytes } = this.#limits;
    const earlier = noteAt(this.#read(headBytes, longestNote));
    const end = this.#read(this.#size - tailBytes, tailBytes);
    // From the start of a line; a single line that is as long is kept as far as it goes.
    const tail = end.subarray(end.indexOf('\n') + 1);
    const leftOut = earlier.leftOut + this.#size - tail.length - headBytes - earlier.length;
    this.#writeAt(Buffer.concat([Buffer.from(note(leftOut)), tail]), headBytes);
    ftruncateSync(this.#file, this.#size);
  }

  #writeAt(bytes: Buffer, position: number): void {
    for (let written = 0; written < bytes.length; ) written += writeSync(this.#file, bytes, written, bytes.length - written, position + written);
    this.#size = position + bytes.length;
  }

  #read(position: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(this.#file, bytes, 0, length, position));
  }
}

const note = (leftOut: number): string => `\n[relpipe left out ${leftOut} bytes of this log here: only its start and its end are kept]\n`;

const longestNote = 200;

/** A file from which something was left out before has its note where the start ends. */
function noteAt(bytes: Buffer): { readonly leftOut: number; readonly length: number } {
  const [found = '', leftOut = '0'] = /^\n\[relpipe left out (\d+) bytes [^\]]*\]\n/.exec(bytes.toString('latin1')) ?? [];
  return { leftOut: Number(leftOut), length: found.length };
}
