import { closestNames } from '../../util/closest-names.ts';
import type { NameTypes } from '../name-types.ts';
import type { Name } from '../names-in.ts';
import { type TextFinding, textFinding } from '../text-finding.ts';
import { type Token, tokensOf } from '../token.ts';

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

/** What stands on the other side of `==` or `!=`, and the items of the list behind `in`. */
function comparedWith(tokens: readonly Token[], start: number, end: number): readonly Token[] {
  const after = tokens.filter((token) => token.start >= end);
  const before = tokens.filter((token) => token.end <= start).toReversed();
  const isEquality = (signs: readonly Token[]): boolean => /^[=!]$/.test(signs[0]?.text ?? '') && signs[1]?.text === '=';
  const isSwapped = before[0]?.text === '=' && /^[=!]$/.test(before[1]?.text ?? '');
  const close = after.findIndex(({ text }) => text === ']');
  if (isEquality(after)) return after.slice(2, 3);
  if (after[0]?.text === 'in' && after[1]?.text === '[') return after.slice(2, close).filter(({ kind }) => kind === 'string');
  return isSwapped ? before.slice(2, 3) : [];
}
