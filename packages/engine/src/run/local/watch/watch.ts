import type { PlanGate } from '../../../plan/plan.ts';
import type { FactBody } from '../../core/fact.ts';
import type { WatchOp } from '../../core/operation.ts';
import type { MeasurementRecord } from '../../measurement-record.ts';
import type { TaskDeps } from '../tasks/task-deps.ts';

/** One gate while it is watched. */
export interface Watch {
  /**
   * Every metric has had a look that counts in this process, and what was missed is made up for: parking before that would mean
   * that nobody ever looks.
   */
  readonly caughtUp: Promise<unknown>;
  /** Resolves when nothing of it will be recorded any more; looks under way are aborted. */
  stop(): Promise<void>;
}

/** What the local runtime gives its watches. */
interface LocalWatchDeps extends TaskDeps {
  readonly gate: PlanGate;
  /** Hands `judged` to the driver. */
  readonly record: (body: FactBody) => void;
  /** Durable when it resolves. */
  readonly saveMeasurements: (records: readonly MeasurementRecord[]) => Promise<void>;
  /** What this run has measured so far, in the order in which it was recorded. */
  readonly readMeasurements: () => Promise<readonly MeasurementRecord[]>;
  /** The watch itself broke and has ended; so does the driver. */
  readonly broke: (error: unknown) => void;
}

/** Watches one gate until it is stopped. */
export type StartWatch = (op: WatchOp, deps: LocalWatchDeps) => Watch;
