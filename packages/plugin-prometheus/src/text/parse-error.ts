/** A text that does not follow its grammar, and where (counted from 0) it stops doing so. */
export class ParseError extends Error {
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.name = 'ParseError';
    this.position = position;
  }
}
