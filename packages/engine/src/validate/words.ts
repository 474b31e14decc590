/** Words that the file, the plan and the core share. */

/** A length of time in milliseconds. */
export type Ms = number;

export type OnFailure = 'rollback' | 'freeze' | 'stop' | 'continue';

export interface RetryPolicy {
  /** Tries in all, the first one included. */
  readonly attempts: number;
  /** Pause before the second try; doubles each time up to `maxMs`. */
  readonly firstMs: Ms;
  readonly maxMs: Ms;
}

/**
 * `absolute`: in the metric's own unit. `relative`: 0.1 is ten percent above the baseline (negative: below).
 * `points`: added to the baseline, in the metric's own unit (0.1pp of a ratio is 0.001). `text` is what the file says.
 */
export interface Limit {
  readonly kind: 'absolute' | 'relative' | 'points';
  readonly value: number;
  readonly text: string;
}

export interface Threshold {
  readonly min?: Limit;
  readonly max?: Limit;
  readonly warn?: Limit;
  readonly critical?: Limit;
  /** A breach must last so long. */
  readonly forMs?: Ms;
  readonly violations?: { readonly moreThan: number; readonly withinMs: Ms };
}
