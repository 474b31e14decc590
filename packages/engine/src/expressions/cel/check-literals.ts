import { parseQuantity, quantityKinds } from '../quantities/quantity.ts';
import { type Span, type TextFinding, textFinding } from '../text-finding.ts';
import { type Token, tokensOf } from '../token.ts';
import { patternProblem } from './matches.ts';
import { SemverValue } from './semver-value.ts';

/** `duration("24x")` and `.matches("[")` are wrong before anything runs. */
export function checkLiterals(source: string): readonly TextFinding[] {
  const tokens = tokensOf(source);
  return tokens.flatMap((token, i) => {
    const [open, literal, close] = tokens.slice(i + 1, i + 4);
    const isCall = token.kind === 'word' && open?.text === '(' && literal?.kind === 'string' && close?.text === ')';
    const text = isCall ? plainText(literal) : undefined;
    if (text === undefined || !literal) return [];
    const span = { offset: literal.start, length: literal.end - literal.start };
    return checkLiteral(token.text, text, span) ?? [];
  });
}

function checkLiteral(name: string, text: string, span: Span): TextFinding | undefined {
  const kind = quantityKinds.find((kind) => name === kind || (kind === 'size' && name === 'bytesize'));
  if (name === 'matches') return checkPattern(text, span);
  if (name === 'semver') {
    return SemverValue.parse(text) ? undefined : textFinding('REL_LITERAL_INVALID', { kind: 'semver', text, likely: [] }, span);
  }
  // `size("text")` counts characters.
  if (!kind || name === 'size') return undefined;
  const parsed = parseQuantity(kind, text);
  return parsed.ok ? undefined : textFinding('REL_LITERAL_INVALID', { kind, text, likely: parsed.likely }, span);
}

function checkPattern(pattern: string, span: Span): TextFinding | undefined {
  const problem = patternProblem(pattern);
  return problem === undefined ? undefined : textFinding('REL_PATTERN_INVALID', { pattern, problem }, span);
}

/** The text of a literal without escapes; others are looked at when they are evaluated. */
function plainText({ text }: Token): string | undefined {
  const found = /^[rR]?(?:"([^"\\]*)"|'([^'\\]*)')$/.exec(text);
  return found?.[1] ?? found?.[2];
}
