import type { Json } from 'relpipe/plugin';

/** What the scrapes say, before it becomes a measurement. */
export interface Answer {
  /** Null: no data. */
  readonly value: number | null;
  readonly samples?: number;
  readonly series?: string;
  readonly raw: Json;
  readonly warnings: readonly string[];
}

export const noData = (why: string): Answer => ({ value: null, raw: null, warnings: [why] });

/** JSON has no NaN and no infinity. */
export const jsonNumber = (value: number): Json => (Number.isFinite(value) ? value : String(value));
