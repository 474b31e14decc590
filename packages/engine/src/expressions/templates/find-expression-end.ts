import { nextToken } from '../token.ts';

/** Where the `}}` stands that ends the expression beginning at `from`: outside of its strings, braces closed. */
export function findExpressionEnd(text: string, from: number): number | undefined {
  let depth = 0;
  for (let token = nextToken(text, from); token; token = nextToken(text, token.end)) {
    if (token.kind === 'comment') {
      const inside = token.text.indexOf('}}');
      if (inside >= 0) return token.start + inside;
    } else if (token.text === '{') depth += 1;
    else if (token.text === '}') {
      if (depth === 0 && text[token.end] === '}') return token.start;
      depth -= 1;
    }
  }
  return undefined;
}
