import type { BodyFraming } from './body-framing.ts';
import { readFields } from './fields.ts';
import { Refusal } from './refusal.ts';

/** Finds the end of a body without keeping any of it. */
export interface BodyScanner {
  readonly isComplete: boolean;
  /**
   * @returns the index in `bytes` after the last byte that belongs to the body
   * @throws Refusal when the framing is invalid
   */
  scan(bytes: Buffer, from: number): number;
}

export function createBodyScanner(framing: BodyFraming): BodyScanner {
  switch (framing.kind) {
    case 'none': return emptyScanner;
    case 'length': return new LengthScanner(framing.length);
    case 'chunked': return new ChunkedScanner();
    case 'until-close': return endlessScanner;
  }
}

const emptyScanner: BodyScanner = { isComplete: true, scan: (_bytes, from) => from };
const endlessScanner: BodyScanner = { isComplete: false, scan: (bytes) => bytes.length };

class LengthScanner implements BodyScanner {
  #left: number;

  constructor(length: number) {
    this.#left = length;
  }

  get isComplete(): boolean {
    return this.#left === 0;
  }

  scan(bytes: Buffer, from: number): number {
    const taken = Math.min(this.#left, bytes.length - from);
    this.#left -= taken;
    return from + taken;
  }
}

/**
 * Finds the end of a chunked body (RFC 9112 section 7.1), including trailers. Lines end in CRLF and nothing else; a
 * size has at most 13 digits; an extension has no control character; a trailer cannot frame or address the message.
 */
export class ChunkedScanner implements BodyScanner {
  /** The content in the bytes of the last `scan`, for a client that does not understand chunks. */
  content: Buffer[] = [];
  #part: 'size' | 'content' | 'content-end' | 'trailer' | 'complete' = 'size';
  #line = '';
  #left = 0;
  #trailers = 0;

  get isComplete(): boolean {
    return this.#part === 'complete';
  }

  scan(bytes: Buffer, from: number): number {
    this.content = [];
    let at = from;
    while (at < bytes.length && this.#part !== 'complete') {
      at = this.#part === 'content' ? this.#skipContent(bytes, at) : this.#readLine(bytes, at);
    }
    return at;
  }

  #skipContent(bytes: Buffer, at: number): number {
    const end = Math.min(at + this.#left, bytes.length);
    this.content.push(bytes.subarray(at, end));
    this.#left -= end - at;
    if (this.#left === 0) this.#part = 'content-end';
    return end;
  }

  #readLine(bytes: Buffer, at: number): number {
    const feed = bytes.indexOf(0x0a, at);
    const end = feed === -1 ? bytes.length : feed + 1;
    if (this.#line.length + end - at > maxLineBytes) throw new Refusal(400, 'A line of the chunked body is too long.');
    this.#line += bytes.toString('latin1', at, end);
    if (feed !== -1) this.#endLine();
    return end;
  }

  #endLine(): void {
    const line = this.#line;
    this.#line = '';
    if (this.#part === 'size') this.#startChunk(line);
    else if (this.#part === 'content-end') this.#endChunk(line);
    else this.#takeTrailer(line);
  }

  #startChunk(line: string): void {
    const [, digits] = sizeLine.exec(line) ?? [];
    if (digits === undefined) throw new Refusal(400, 'A chunk size is malformed.');
    this.#left = Number.parseInt(digits, 16);
    this.#part = this.#left === 0 ? 'trailer' : 'content';
  }

  #endChunk(line: string): void {
    if (line !== '\r\n') throw new Refusal(400, 'A chunk is longer than its size.');
    this.#part = 'size';
  }

  #takeTrailer(line: string): void {
    if (line === '\r\n') {
      this.#part = 'complete';
      return;
    }
    this.#trailers += line.length;
    if (this.#trailers > maxTrailerBytes) throw new Refusal(431, 'The trailers are too long.');
    readFields(line, 0, (_name, lowerName) => {
      if (notInTrailers.has(lowerName)) throw new Refusal(400, `A trailer must not contain ${lowerName}.`);
    });
  }
}

const maxLineBytes = 16_384;
const maxTrailerBytes = 65_536;
const sizeLine = /^([0-9A-Fa-f]{1,13})(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*)?\r\n$/;
const notInTrailers: ReadonlySet<string> = new Set([
  'transfer-encoding', 'content-length', 'host', 'connection', 'upgrade', 'te', 'authorization', 'x-forwarded-for',
]);
