/**
 * A secret as a step sees it: not a string, so that it fits into no output, state or message by accident.
 * `reveal()` gives the text; hand it only to what needs it.
 */
export interface Secret {
  readonly secret: string;
  reveal(): string;
}
