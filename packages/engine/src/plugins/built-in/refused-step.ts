import { StepError } from '../../contract/index.ts';
import { errorTexts, type ErrorCode, type ErrorDetails, type ErrorText } from '../../errors/catalogue.ts';

/** An error of the catalogue as a step throws it. `retryable`: trying again could help. */
export function refusedStep<C extends ErrorCode>(code: C, details: ErrorDetails<C>, retryable = false): StepError {
  const { message, hint } = (errorTexts[code] as (p: ErrorDetails<C>) => ErrorText)(details);
  return new StepError(code, message, { retryable, ...(hint !== undefined && { hint }) });
}
