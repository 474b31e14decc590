import { isStepError } from '../contract/index.ts';

/** The fields of a `StepError`, each of its type. */
interface StepErrorFields {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly retryable: boolean;
  readonly changedByOthers: boolean;
}

/** Undefined for what nobody meant to throw. A plugin without a compiler may put anything into a `StepError`; this never throws. */
export function readStepError(error: unknown): StepErrorFields | undefined {
  try {
    if (!isStepError(error)) return undefined;
    const { code, message, hint, retryable, changedByOthers }: Readonly<Record<keyof StepErrorFields, unknown>> = error;
    if (typeof code !== 'string' || typeof message !== 'string' || !/^[A-Z][A-Z0-9_]*$/.test(code)) return undefined;
    return { code, message, ...(typeof hint === 'string' && { hint }), retryable: retryable === true, changedByOthers: changedByOthers === true };
  } catch {
    return undefined;
  }
}
