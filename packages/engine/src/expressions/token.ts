/** A piece of a CEL expression. Spaces are not tokens. */
export interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'comment' | 'character' | 'open-string';
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const space = /\s+/y;
const comment = /\/\/.*/y;
const string =
  /(?:[bB]?[rR]|[rR][bB])("""[^]*?"""|'''[^]*?'''|"[^"\n]*"|'[^'\n]*')|[bB]?("""(?:[^\\]|\\[^])*?"""|'''(?:[^\\]|\\[^])*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/y;
const word = /[A-Za-z_]\w*/y;
const number = /0x[0-9A-Fa-f]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** The token that starts at `from` or after the spaces there; `undefined` at the end of the text. */
export function nextToken(text: string, from: number): Token | undefined {
  const start = matchAt(space, text, from) ?? from;
  if (start >= text.length) return undefined;
  const [kind, end] = kindAt(text, start);
  return { kind, start, end, text: text.slice(start, end) };
}

/** Every token of an expression. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let token = nextToken(text, 0); token; token = nextToken(text, token.end)) tokens.push(token);
  return tokens;
}

function kindAt(text: string, start: number): readonly [Token['kind'], number] {
  for (const [kind, pattern] of patterns) {
    const end = matchAt(pattern, text, start);
    if (end !== undefined) return [kind, end];
  }
  const isQuote = text[start] === '"' || text[start] === "'";
  return [isQuote ? 'open-string' : 'character', start + 1];
}

const patterns = [
  ['comment', comment],
  ['string', string],
  ['word', word],
  ['number', number],
] as const;

function matchAt(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
