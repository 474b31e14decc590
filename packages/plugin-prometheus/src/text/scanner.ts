/** https://prometheus.io/docs/concepts/data_model/, before the UTF-8 names of Prometheus 3: those arrive escaped. */
export const metricName = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
export const labelName = /[a-zA-Z_][a-zA-Z0-9_]*/y;

/** Reads one string from left to right. Patterns must be sticky (`/…/y`). */
export class Scanner {
  readonly text: string;
  position = 0;

  constructor(text: string) {
    this.text = text;
  }

  get isAtEnd(): boolean {
    return this.position === this.text.length;
  }

  /** What the pattern matches here; undefined where it does not match, and then the position stays. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0];
    this.position += found?.length ?? 0;
    return found;
  }

  /** @throws {ParseError} `expected` in the reader's words, e.g. `a label name`. */
  require(pattern: RegExp, expected: string): string {
    return this.take(pattern) ?? this.fail(`expected ${expected}, found ${this.#found()}`);
  }

  /** @throws {ParseError} when something is left. */
  requireEnd(expected: string): void {
    if (!this.isAtEnd) this.fail(`expected ${expected}, found ${this.#found()}`);
  }

  fail(message: string, position = this.position): never {
    throw new ParseError(message, position);
  }

  #found(): string {
    return this.isAtEnd ? 'the end' : `\`${this.text.slice(this.position, this.position + 20)}\``;
  }
}

/** A string that does not follow its grammar, and the position, counted from 0, of the first character that does not. */
export class ParseError extends Error {
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.name = 'ParseError';
    this.position = position;
  }
}
