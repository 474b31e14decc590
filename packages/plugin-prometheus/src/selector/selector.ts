export type MatchOperator = '=' | '!=' | '=~' | '!~';

export interface Matcher {
  readonly label: string;
  readonly operator: MatchOperator;
  readonly value: string;
  /** An absent label is the empty text. */
  readonly matches: (text: string) => boolean;
}

/** Which series of one metric are meant: `http_requests_total{code=~"5.."}`. */
export interface Selector {
  readonly name: string;
  readonly matchers: readonly Matcher[];
}
