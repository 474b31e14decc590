import { ParseError } from './parse-error.ts';

/** Reads one text from left to right. Patterns must be sticky (`/…/y`). */
export class Scanner {
  readonly text: string;
  position = 0;

  constructor(text: string) {
    this.text = text;
  }

  get isAtEnd(): boolean {
    return this.position === this.text.length;
  }

  /** What the pattern matches here, or undefined, and then nothing is read. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0];
    this.position += found?.length ?? 0;
    return found;
  }

  /** @throws {ParseError} `expected` in the reader's words, e.g. `a label name`. */
  require(pattern: RegExp, expected: string): string {
    return this.take(pattern) ?? this.fail(`expected ${expected}, found ${this.found()}`);
  }

  /** @throws {ParseError} when something is left. */
  requireEnd(expected: string): void {
    if (!this.isAtEnd) this.fail(`expected ${expected}, found ${this.found()}`);
  }

  fail(message: string, position = this.position): never {
    throw new ParseError(message, position);
  }

  private found(): string {
    return this.isAtEnd ? 'the end' : `\`${this.text.slice(this.position, this.position + 20)}\``;
  }
}
