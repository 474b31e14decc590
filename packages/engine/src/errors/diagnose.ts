import type { ErrorCode, ErrorDetails, ErrorText } from './catalogue.ts';
import { errorTexts } from './catalogue.ts';
import type { Diagnostic, Place } from './diagnostic.ts';

/** Makes the finding of a code from the values it speaks of. */
export function diagnose<C extends ErrorCode>(
  code: C,
  details: ErrorDetails<C>,
  at?: Place,
  related?: Diagnostic['related'],
): Diagnostic {
  const text = errorTexts[code] as (p: ErrorDetails<C>) => ErrorText;
  return {
    severity: 'error',
    code,
    ...text(details),
    ...(at && { at }),
    ...(related && related.length > 0 && { related }),
  };
}
