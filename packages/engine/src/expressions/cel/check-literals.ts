import { closestNames } from '../../util/closest-names.ts';
import type { Name } from '../names-in.ts';
import { parseQuantity, quantityKinds } from '../quantities/quantity.ts';
import type { NameTypes } from '../scope.ts';
import { type Span, textFinding, type TextFinding } from '../text-finding.ts';
import { type Token, tokensOf } from '../token.ts';
import { patternProblem } from '../patterns.ts';
import { nextParts, SemverValue } from './semver-type.ts';
import { TimeValue } from './time-type.ts';

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
  const invalid = (kind: string, likely: readonly string[] = []): TextFinding => textFinding('REL_LITERAL_INVALID', { kind, text, likely }, span);
  if (name === 'semver') return SemverValue.parse(text) ? undefined : invalid('semver');
  if (name === 'time') return TimeValue.parse(text) ? undefined : invalid('time');
  if (name === 'next') return (nextParts as readonly string[]).includes(text) ? undefined : invalid('part of a version', nextParts);
  // `size("text")` counts characters.
  if (!kind || name === 'size') return undefined;
  const parsed = parseQuantity(kind, text);
  return parsed.ok ? undefined : invalid(kind, parsed.likely);
}

function checkPattern(pattern: string, span: Span): TextFinding | undefined {
  const problem = patternProblem(pattern);
  return problem === undefined ? undefined : textFinding('REL_PATTERN_INVALID', { pattern, problem }, span);
}

/** The text of a literal without escapes; others are checked when they are evaluated. */
function plainText({ text }: Token): string | undefined {
  const found = /^[rR]?(?:"([^"\\]*)"|'([^'\\]*)')$/.exec(text);
  return found?.[1] ?? found?.[2];
}

/** `inputs.strategy == "blu"` is never true: an input that is a choice is one of its options. */
export function checkChoices(source: string, names: readonly Name[], { choices = {} }: NameTypes): readonly TextFinding[] {
  const tokens = tokensOf(source);
  return names.flatMap(({ root, segments: [input], start, end }) => {
    const options = root === 'inputs' && input && Object.hasOwn(choices, input.name) ? choices[input.name] : undefined;
    if (!input || !options) return [];
    return comparedWith(tokens, start, end).flatMap((token) => {
      const option = token.text.slice(1, -1);
      if (token.kind !== 'string' || options.includes(option)) return [];
      const details = { input: input.name, option, close: closestNames(option, options), options };
      return [textFinding('REL_OPTION_UNKNOWN', details, { offset: token.start, length: token.text.length })];
    });
  });
}

/** The other side of `==` or `!=`, and the items of the list after `in`. */
function comparedWith(tokens: readonly Token[], start: number, end: number): readonly Token[] {
  const after = tokens.filter((token) => token.start >= end);
  const before = tokens.filter((token) => token.end <= start).toReversed();
  const isEquality = ([first, second]: readonly Token[]): boolean => /^[=!]$/.test(first?.text ?? '') && second?.text === '=';
  const isSwapped = before[0]?.text === '=' && /^[=!]$/.test(before[1]?.text ?? '');
  const close = after.findIndex(({ text }) => text === ']');
  if (isEquality(after)) return after.slice(2, 3);
  if (after[0]?.text === 'in' && after[1]?.text === '[') return after.slice(2, close).filter(({ kind }) => kind === 'string');
  return isSwapped ? before.slice(2, 3) : [];
}
