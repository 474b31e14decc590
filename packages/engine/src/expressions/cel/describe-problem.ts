import { EvaluationError, ParseError, type TypeError as CelTypeError } from '@marcbachmann/cel-js';
import { translateError } from './cel-types.ts';
import { withoutReplacements } from './rewrite.ts';
import { typeHint } from './type-hint.ts';

/** An error of the library in plain words, and what to do about it. */
export function describeProblem(
  error: ParseError | CelTypeError | EvaluationError,
  source: string,
): { readonly problem: string; readonly hint?: string } {
  const summary = withoutReplacements(error.summary);
  const problem = error instanceof ParseError ? describeSyntax(summary, source, error.range) : lowerFirst(reword(translateError(summary)));
  const hint = literalHint(source) ?? (error instanceof ParseError ? slipHint(source) : typeHint(problem));
  return hint === undefined ? { problem } : { problem, hint };
}

function reword(message: string): string {
  return message
    .replace(/^no such overload: (.*)$/, 'there is no operator "$1"')
    .replace(/^found no matching overload for '(.*)'$/, 'there is no function $1')
    .replace(/^No such key: (\S+)$/, 'there is no key "$1"')
    .replace(/^Ternary branches must have the same type, got (.*)$/, 'the values after ? and : must have the same type; found $1')
    .replace(/^Logical operator requires boolean operands, got (.*)$/, '&& and || need boolean operands; found $1')
    .replace(/^Cannot index type '(\w+)'$/, 'a $1 has no fields')
    .replace(/\.$/, '');
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** `inputs.phase > 24h` */
function literalHint(source: string): string | undefined {
  const found = /(?<![\w."'-])(\d+(?:\.\d+)?)(ms|[dhms]|%(?!\s*[\w(])|[KMGT]iB|[kMGT]?B)(?!\w)/.exec(source);
  if (!found?.[2]) return undefined;
  const maker = found[2] === '%' ? 'percent' : found[2].endsWith('B') ? 'bytesize' : 'duration';
  return `Write ${maker}("${found[1] ?? ''}${found[2]}").`;
}

/** Habits of other languages, outside of strings. */
const slips: readonly (readonly [pattern: RegExp, hint: string])[] = [
  [/\$\{\{|\}\}/, 'Put ${{ }} around the whole expression, once.'],
  [/\bnot\s/, 'Write ! for not, e.g. !inputs.dry-run.'],
  [/\band\b|(?<!&)&(?!&)/, 'Write && for and.'],
  [/\bor\b|(?<!\|)\|(?!\|)/, 'Write || for or; read a value that may be missing with default(…, …).'],
  [/={3}|(?<![=!<>])=(?!=)/, 'Write == to compare.'],
  [/\d+\.\d+\.\d+/, 'Write a version as semver("1.4.0").'],
  [/\$/, 'Write the name alone, e.g. inputs.version.'],
];

function slipHint(source: string): string | undefined {
  const code = source.replaceAll(/"[^"]*"|'[^']*'/g, (text) => text.charAt(0).repeat(text.length));
  return slips.find(([pattern]) => pattern.test(code))?.[1];
}

/** An error of the library's parser, by what is written at its place. */
function describeSyntax(summary: string, source: string, range: { readonly start: number; readonly end: number } | undefined): string {
  const expected = /^Expected (\w+), got (\w+)/.exec(summary);
  const isAtEnd = /\bEOF\b/.test(summary);
  if (expected?.[1] !== undefined) {
    const missing = `${characters[expected[1]] ?? 'something else'} is missing`;
    return isAtEnd ? `${missing} at the end` : `${missing} before ${written(source, range)}`;
  }
  if (isAtEnd) return 'something is missing at the end';
  if (/^Unexpected/.test(summary)) return `unexpected ${written(source, range)}`;
  if (/^Unterminated string/i.test(summary)) return 'a string in it is not closed';
  return `${summary.charAt(0).toLowerCase()}${summary.slice(1).replace(/\.$/, '')}`;
}

const characters: Readonly<Record<string, string>> = {
  RPAREN: '")"',
  RBRACKET: '"]"',
  RBRACE: '"}"',
  COLON: '":" and the value for the other case',
  COMMA: '","',
  IDENTIFIER: 'a name',
};

/** The word at the place, or the character. */
function written(source: string, range: { readonly start: number } | undefined): string {
  const found = /^\s*([\w.-]+|\S)/.exec(source.slice(range?.start ?? 0))?.[1] ?? source.trim();
  return `"${found}"`;
}
