import type { StepKey } from '../plan/plan.ts';
import type { Ms } from '../validate/words.ts';
import type { TaskVerb } from './core/op.ts';
import type { MeasurementRecord } from './measurement-record.ts';

/** What is seen only while it happens; kept in the step's log or the measurements, not in the facts. */
export type LiveEvent = { readonly run: string; readonly at: Ms } & (
  | {
      readonly type: 'log';
      readonly step: StepKey;
      readonly verb: TaskVerb;
      readonly attempt: number;
      readonly stream: 'stdout' | 'stderr' | 'log';
      readonly line: string;
    }
  | {
      readonly type: 'progress';
      readonly step: StepKey;
      readonly done: number;
      readonly of: number;
      readonly unit?: string;
      readonly note?: string;
    }
  | { readonly type: 'measured'; readonly measurement: MeasurementRecord }
  | { readonly type: 'parked'; readonly wakeAt?: Ms; readonly asks: readonly StepKey[] }
  | { readonly type: 'frozen'; readonly because: string }
  | { readonly type: 'stopped'; readonly signal: string }
);
