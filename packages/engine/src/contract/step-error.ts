/** The details of a `StepError` besides its message. */
export interface StepErrorDetails {
  /** The next action, in the imperative. */
  readonly hint?: string;
  /** Whether trying again could help; default false. */
  readonly retryable?: boolean;
  /**
   * Somebody else has changed what the step would overwrite, and nothing was written. Default false. In a rollback, a person decides then
   * who wins; after `resolve --overwrite`, the same function is called with `overwrite: true`.
   */
  readonly changedByOthers?: boolean;
  readonly cause?: unknown;
}

const brand = Symbol.for('relpipe.step-error');

/**
 * The error that a step, metric or composite throws for a failure that it understands. `code` starts with the plugin's own prefix
 * (`DOCKER_…`); `message` is one sentence without the plugin's name: the engine adds plugin, step and attempt.
 */
export class StepError extends Error {
  readonly [brand] = true;
  readonly code: string;
  readonly hint: string | undefined;
  readonly retryable: boolean;
  readonly changedByOthers: boolean;

  constructor(code: string, message: string, details: StepErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.name = 'StepError';
    this.code = code;
    this.hint = details.hint;
    this.retryable = details.retryable ?? false;
    this.changedByOthers = details.changedByOthers ?? false;
  }
}

/** Checks the brand instead of `instanceof`: a plugin may have its own copy of this package. */
export const isStepError = (error: unknown): error is StepError =>
  typeof error === 'object' && error !== null && brand in error;
