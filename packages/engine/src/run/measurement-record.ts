import type { Json } from '../contract/index.ts';
import type { StepKey } from '../plan/plan.ts';
import type { Ms } from '../model/ms.ts';

/** One measurement as it is kept: resolved query, time, raw value, samples, warnings, and what the judge made of it. */
export interface MeasurementRecord {
  readonly step: StepKey;
  readonly gate: string;
  readonly metric: string;
  readonly side: 'candidate' | 'baseline';
  readonly at: Ms;
  /** What JSON has no number for is kept as text. */
  readonly value: number | 'NaN' | 'Infinity' | '-Infinity' | null;
  readonly samples?: number;
  readonly series?: string;
  readonly query: string;
  readonly raw: Json;
  readonly warnings: readonly string[];
  /** What is missing from the answer, in the server's own words. */
  readonly partial?: string;
  /** Why it could not ask. */
  readonly error?: string;
  /** The first sample of a watch has no value: some metrics need two samples to see growth. Kept, but not judged. */
  readonly isWarmUp?: true;
}
