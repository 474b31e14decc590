/**
 * A secret as a step gets it. It is not a string, so that it cannot get into an output, a state or a message by accident. `reveal()` returns
 * the value; pass it only to the code that needs it.
 */
export interface Secret {
  readonly secret: string;
  reveal(): string;
}
