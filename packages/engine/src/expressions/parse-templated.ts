import { expressionOf } from './expression-of.ts';
import { findExpressionEnd } from './find-expression-end.ts';
import { parseSecretReference } from './parse-secret-reference.ts';
import { type TextFinding, textFinding } from './text-finding.ts';
import type { Expression, SecretReference, Template } from './value.ts';

/** An expression of a text: its CEL source, and where that begins in the text. */
export interface PlacedExpression {
  readonly source: string;
  readonly offset: number;
}

/** What a text of the file is: literal, one expression that keeps its type, text with expressions, or a secret. */
export type ParsedText =
  | {
      readonly ok: true;
      readonly value: string | Expression | Template | SecretReference;
      /** To be checked with `checkExpression`; findings move by `offset`. */
      readonly expressions: readonly PlacedExpression[];
    }
  | { readonly ok: false; readonly findings: readonly TextFinding[] };

/** Splits `${{ … }}` out of a text. `$${{` is a literal `${{`. */
export function parseTemplated(text: string): ParsedText {
  const { pieces, findings } = split(text);
  const expressions = pieces.filter((piece) => typeof piece !== 'string');
  const isAlone = pieces.length === 1 && expressions.length === 1;
  const [only] = expressions;
  const secret = only && parseSecretReference(only.source);
  if (isAlone && secret) return { ok: true, value: secret, expressions: [] };
  const misplaced = expressions.flatMap((piece) => secretInText(piece) ?? []);
  if (findings.length + misplaced.length > 0) return { ok: false, findings: [...findings, ...misplaced] };
  if (isAlone && only) return { ok: true, value: expressionOf(only.source), expressions };
  if (expressions.length === 0) return { ok: true, value: pieces.join(''), expressions };
  const parts = pieces.map((piece) => (typeof piece === 'string' ? piece : expressionOf(piece.source)));
  return { ok: true, value: { $text: parts }, expressions };
}

const secretInText = (piece: PlacedExpression): TextFinding | undefined => {
  const secret = parseSecretReference(piece.source);
  const span = { offset: piece.offset, length: piece.source.length };
  return secret && textFinding('REL_SECRET_IN_TEXT', { name: secret.$secret }, span);
};

interface Split {
  readonly pieces: readonly (string | PlacedExpression)[];
  readonly findings: readonly TextFinding[];
}

function split(text: string): Split {
  const pieces: (string | PlacedExpression)[] = [];
  const findings: TextFinding[] = [];
  let literal = '';
  let at = 0;
  while (at < text.length) {
    const next = text.indexOf('${{', at);
    if (next < 0) break;
    if (next > at && text[next - 1] === '$') {
      literal += `${text.slice(at, next - 1)}\${{`;
      at = next + 3;
      continue;
    }
    literal += text.slice(at, next);
    const end = findExpressionEnd(text, next + 3);
    if (end === undefined) {
      findings.push(textFinding('REL_EXPRESSION_OPEN', undefined, { offset: next, length: 3 }));
      return { pieces, findings };
    }
    const source = text.slice(next + 3, end);
    if (source.trim() === '') findings.push(textFinding('REL_EXPRESSION_EMPTY', undefined, { offset: next, length: end + 2 - next }));
    if (literal !== '') pieces.push(literal);
    pieces.push({ source, offset: next + 3 });
    literal = '';
    at = end + 2;
  }
  literal += text.slice(at);
  if (literal !== '') pieces.push(literal);
  return { pieces, findings };
}
