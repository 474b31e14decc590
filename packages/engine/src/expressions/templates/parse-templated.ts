import { expressionOf } from '../names-in.ts';
import { type TextFinding, textFinding } from '../text-finding.ts';
import type { Expression, SecretReference, Template } from '../value.ts';
import { type PlacedExpression, spanOf, splitTemplated } from './split-templated.ts';

/** A parsed string of the file: literal, one expression that keeps its type, a string with expressions, or a secret. */
type ParsedText =
  | {
      readonly ok: true;
      readonly value: string | Expression | Template | SecretReference;
      /** To be checked with `checkExpression`; findings move by `offset`. */
      readonly expressions: readonly PlacedExpression[];
    }
  | { readonly ok: false; readonly findings: readonly TextFinding[] };

/** Splits `${{ … }}` out of a string. `$${{` is a literal `${{`. */
export function parseTemplated(text: string): ParsedText {
  const { pieces, findings } = splitTemplated(text);
  const expressions = pieces.filter((piece) => typeof piece !== 'string');
  const isAlone = pieces.length === 1 && expressions.length === 1;
  const [only] = expressions;
  const secret = only && parseSecretReference(only.source);
  if (isAlone && secret) return { ok: true, value: secret, expressions };
  const misplaced = expressions.flatMap((piece) => secretInText(piece) ?? []);
  if (findings.length + misplaced.length > 0) return { ok: false, findings: [...findings, ...misplaced] };
  if (isAlone && only) return { ok: true, value: expressionOf(only.source), expressions };
  const parts = pieces.map((piece) => (typeof piece === 'string' ? piece : expressionOf(piece.source)));
  const isLiteral = parts.every((part) => typeof part === 'string');
  return { ok: true, value: isLiteral ? parts.join('') : { $text: parts }, expressions };
}

const secretInText = (piece: PlacedExpression): TextFinding | undefined => {
  const secret = parseSecretReference(piece.source);
  return secret && textFinding('REL_SECRET_IN_TEXT', { name: secret.$secret }, spanOf(piece));
};

/** `secrets.NAME` and nothing else. */
export function parseSecretReference(source: string): SecretReference | undefined {
  const name = /^\s*secrets\.([A-Za-z_][\w-]*)\s*$/.exec(source)?.[1];
  return name === undefined ? undefined : { $secret: name };
}
