/** A scrape that does not follow its format; `line` counts from 1. */
export class ExpositionError extends Error {
  readonly line: number;

  constructor(line: number, text: string, what: string) {
    super(`Line ${line} is malformed: ${what}: ${shorten(text)}`);
    this.name = 'ExpositionError';
    this.line = line;
  }
}

const shorten = (text: string): string => (text.length > 120 ? `${text.slice(0, 120)}…` : text);
