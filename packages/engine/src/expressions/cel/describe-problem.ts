import type { EvaluationError, ParseError, TypeError as CelTypeError } from '@marcbachmann/cel-js';
import { inOwnWords } from './cel-types.ts';
import { withoutStandIns } from './stand-ins.ts';

/** What the library found, in the reader's words, and the likely way out. */
export function describeProblem(
  error: ParseError | CelTypeError | EvaluationError,
  source: string,
): { readonly problem: string; readonly hint?: string } {
  const problem = lowerFirst(reword(inOwnWords(withoutStandIns(error.summary))));
  const hint = literalHint(source) ?? typeHint(problem);
  return hint === undefined ? { problem } : { problem, hint };
}

function reword(message: string): string {
  return message
    .replace(/^no such overload: (.*)$/, 'there is no "$1"')
    .replace(/^found no matching overload for '(.*)'$/, 'there is no function $1')
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

const examples: Readonly<Record<string, string>> = {
  percent: 'percent("10%")',
  duration: 'duration("24h")',
  size: 'bytesize("512MiB")',
  semver: 'semver("1.4.0")',
};

/** `inputs.first-weight > 10` */
function typeHint(problem: string): string | undefined {
  const found = /^there is no "(\w+) \S+ (\w+)"$/.exec(problem);
  const [left = '', right = ''] = found?.slice(1) ?? [];
  const typed = [left, right].filter((side) => Object.hasOwn(examples, side));
  if (typed.length !== 1 || typed[0] === undefined) return undefined;
  return `Write the other side as a ${typed[0]} too, e.g. ${examples[typed[0]] ?? ''}.`;
}
