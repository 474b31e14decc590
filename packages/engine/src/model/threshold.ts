import type { Ms } from './ms.ts';

/**
 * `absolute`: in the metric's own unit. `relative`: 0.1 is ten percent above the baseline (negative: below).
 * `points`: added to the baseline, in the metric's own unit (0.1pp of a ratio is 0.001). `text` is what the file says.
 */
export interface Limit {
  readonly kind: 'absolute' | 'relative' | 'points';
  readonly value: number;
  readonly text: string;
}

/** The limits that a threshold may have. */
export const limitNames = ['min', 'max', 'warn', 'critical'] as const;
export type LimitName = (typeof limitNames)[number];

/** When a measured number counts as a breach, and how many breaches fail. */
export interface Threshold {
  readonly min?: Limit;
  readonly max?: Limit;
  readonly warn?: Limit;
  readonly critical?: Limit;
  /** A breach must last so long. */
  readonly forMs?: Ms;
  readonly violations?: { readonly moreThan: number; readonly withinMs: Ms };
}
