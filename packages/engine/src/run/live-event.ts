import type { ReportedEvent, TaskVerb } from '../contract/index.ts';
import type { StepKey } from '../plan/plan.ts';
import type { Ms } from '../model/ms.ts';
import type { MeasurementRecord } from './measurement-record.ts';

/** What is seen only while it happens; kept in the step's log or the measurements, not in the facts. */
export type LiveEvent = HaltEvent | ({ readonly run: string; readonly at: Ms } & (LogLine | Progress | Measured));

/** The state of a run that is not over and that no process executes. */
export type HaltEvent = Extract<ReportedEvent, { readonly type: 'parked' | 'paused' | 'interrupted' }>;

interface LogLine {
  readonly type: 'log';
  readonly step: StepKey;
  readonly verb: TaskVerb;
  readonly attempt: number;
  readonly stream: 'stdout' | 'stderr' | 'log';
  readonly line: string;
}

interface Progress {
  readonly type: 'progress';
  readonly step: StepKey;
  readonly done: number;
  readonly of: number;
  readonly unit?: string;
  readonly note?: string;
}

interface Measured {
  readonly type: 'measured';
  readonly measurement: MeasurementRecord;
}
