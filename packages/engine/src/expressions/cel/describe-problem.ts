import { EvaluationError, ParseError, type TypeError as CelTypeError } from '@marcbachmann/cel-js';
import { inOwnWords } from './cel-types.ts';
import { describeSyntax } from './describe-syntax.ts';
import { typeHint } from './type-hint.ts';
import { withoutStandIns } from './stand-ins.ts';

/** What the library found, in the reader's words, and the likely way out. */
export function describeProblem(
  error: ParseError | CelTypeError | EvaluationError,
  source: string,
): { readonly problem: string; readonly hint?: string } {
  const summary = withoutStandIns(error.summary);
  const problem = error instanceof ParseError ? describeSyntax(summary, source, error.range) : lowerFirst(reword(inOwnWords(summary)));
  const hint = literalHint(source) ?? (error instanceof ParseError ? slipHint(source) : typeHint(problem));
  return hint === undefined ? { problem } : { problem, hint };
}

function reword(message: string): string {
  return message
    .replace(/^no such overload: (.*)$/, 'there is no "$1"')
    .replace(/^found no matching overload for '(.*)'$/, 'there is no function $1')
    .replace(/^No such key: (\S+)$/, 'there is no "$1" in it')
    .replace(/^Ternary branches must have the same type, got (.*)$/, 'what stands behind ? and behind : must be of one type, here are $1')
    .replace(/^Logical operator requires boolean operands, got (.*)$/, '&& and || stand between true and false, here is $1')
    .replace(/^Cannot index type '(\w+)'$/, 'a $1 has nothing inside it')
    .replace(/\.$/, '');
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** `inputs.phase > 24h` */
function literalHint(source: string): string | undefined {
  const found = /(?<![\w."'-])(\d+(?:\.\d+)?)(ms|[hms]|%(?!\s*[\w(])|[KMGT]iB|[kMGT]?B)(?!\w)/.exec(source);
  if (!found?.[2]) return undefined;
  const maker = found[2] === '%' ? 'percent' : found[2].endsWith('B') ? 'bytesize' : 'duration';
  return `Write ${maker}("${found[1] ?? ''}${found[2]}").`;
}

/** Habits of other languages, outside of texts. */
const slips: readonly (readonly [pattern: RegExp, hint: string])[] = [
  [/\$\{\{|\}\}/, 'Put ${{ }} around the whole expression, once.'],
  [/\bnot\s/, 'Write ! for not, e.g. !inputs.dry-run.'],
  [/\band\b|(?<!&)&(?!&)/, 'Write && for and.'],
  [/\bor\b|(?<!\|)\|(?!\|)/, 'Write || for or; a value that may be missing is read with default(…, …).'],
  [/={3}|(?<![=!<>])=(?!=)/, 'Write == to compare.'],
  [/\d+\.\d+\.\d+/, 'Write a version as semver("1.4.0").'],
  [/\$/, 'Write the name alone, e.g. inputs.version.'],
];

function slipHint(source: string): string | undefined {
  const code = source.replaceAll(/"[^"]*"|'[^']*'/g, (text) => text.charAt(0).repeat(text.length));
  return slips.find(([pattern]) => pattern.test(code))?.[1];
}
