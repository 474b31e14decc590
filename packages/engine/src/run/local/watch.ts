import type { PlanGate } from '../../plan/plan.ts';
import type { Ms } from '../../validate/words.ts';
import type { FactBody } from '../core/fact.ts';
import type { WatchOp } from '../core/op.ts';
import type { MeasurementRecord } from '../live-event.ts';
import type { TaskDeps } from './tasks/task-deps.ts';

export interface Watch {
  /** Resolves when every metric has been looked at in this process: before that, parking would mean that nobody ever looks. */
  readonly caughtUp: Promise<unknown>;
  /** Measures nothing more; resolves when nothing of it is under way. */
  stop(): Promise<void>;
}

interface WatchDeps extends TaskDeps {
  readonly gate: PlanGate;
  readonly maxBlindMs: Ms;
  /** Hands `judged` to the driver. */
  readonly record: (body: FactBody) => void;
  /** Durable when it returns. */
  readonly saveMeasurements: (records: readonly MeasurementRecord[]) => void;
  /** What this run has measured so far, in the order in which it was recorded. */
  readonly readMeasurements: () => readonly MeasurementRecord[];
  /** The watch itself broke and has ended; so does the driver. */
  readonly broke: (error: unknown) => void;
}

/** Watches one gate until it is stopped. */
export type StartWatch = (op: WatchOp, deps: WatchDeps) => Watch;
