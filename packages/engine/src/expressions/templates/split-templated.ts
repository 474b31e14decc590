import { type Span, type TextFinding, textFinding } from '../text-finding.ts';
import { nextToken } from '../token.ts';

/** An expression in a string: its CEL source, and where that starts in the string. */
export interface PlacedExpression {
  readonly source: string;
  readonly offset: number;
}

/** Without the spaces inside the braces. */
export const spanOf = ({ source, offset }: PlacedExpression): Span => ({
  offset: offset + source.length - source.trimStart().length,
  length: source.trim().length,
});

/** A string as literal pieces and expressions, in order. */
interface Split {
  readonly pieces: readonly (string | PlacedExpression)[];
  readonly findings: readonly TextFinding[];
}

/** Finds every `${{ … }}` of a string; `$${{` is a literal `${{`. Stops at the first expression that has no end. */
export function splitTemplated(text: string): Split {
  const pieces: (string | PlacedExpression)[] = [];
  const findings: TextFinding[] = [];
  let at = 0;
  while (at < text.length) {
    const next = text.indexOf(opening, at);
    if (next < 0) break;
    const isEscaped = next > at && text[next - 1] === '$';
    addLiteral(pieces, isEscaped ? text.slice(at, next - 1) + opening : text.slice(at, next));
    at = next + opening.length;
    if (isEscaped) continue;
    const end = findExpressionEnd(text, at);
    if (end === undefined) {
      findings.push(textFinding('REL_EXPRESSION_UNCLOSED', undefined, { offset: next, length: opening.length }));
      return { pieces, findings };
    }
    const source = text.slice(at, end);
    pieces.push({ source, offset: at });
    at = end + closing.length;
    if (source.trim() === '') findings.push(textFinding('REL_EXPRESSION_EMPTY', undefined, { offset: next, length: at - next }));
  }
  addLiteral(pieces, text.slice(at));
  return { pieces, findings };
}

const opening = '${{';
const closing = '}}';

function addLiteral(pieces: (string | PlacedExpression)[], literal: string): void {
  const last = pieces.at(-1);
  if (literal === '') return;
  if (typeof last === 'string') pieces.splice(-1, 1, last + literal);
  else pieces.push(literal);
}

/** The place of the `}}` that ends the expression starting at `from`: outside of its strings, braces closed. */
function findExpressionEnd(text: string, from: number): number | undefined {
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
