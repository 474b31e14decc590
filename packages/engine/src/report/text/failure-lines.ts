import type { Failure } from '../../run/core/failure.ts';
import { oneLine } from './plain-text.ts';

/** What went wrong, the last words of a command in lines of their own, and what to do next. */
export function failureLines(failure: Failure | undefined): readonly string[] {
  if (failure === undefined) return [];
  const [first = '', ...more] = failure.message.split('\n').map(oneLine).filter((line) => line !== '');
  return [`${failure.code}: ${first}`, ...more.map((line) => `  ${line}`), ...(failure.hint === undefined ? [] : [`hint: ${oneLine(failure.hint)}`])];
}
