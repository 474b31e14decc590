import type { Failure } from '../../run/core/failure.ts';
import { oneLine } from './plain-text.ts';

/** What went wrong and what to do next. */
export const failureLines = (failure: Failure | undefined): readonly string[] =>
  failure === undefined
    ? []
    : [`${failure.code}: ${oneLine(failure.message)}`, ...(failure.hint === undefined ? [] : [`hint: ${oneLine(failure.hint)}`])];
