import type { PlanGate } from '../../plan/plan.ts';
import type { FactBody } from '../core/fact.ts';
import type { WatchOp } from '../core/op.ts';
import type { MeasurementRecord } from '../live-event.ts';
import type { TaskDeps } from './tasks/task-deps.ts';

export interface Watch {
  /** Measures nothing more; what is under way is given up. */
  stop(): void;
}

export interface WatchDeps extends TaskDeps {
  readonly gate: PlanGate;
  /** Hands `judged` to the driver. */
  readonly record: (body: FactBody) => void;
  /** Durable when it returns. */
  readonly saveMeasurements: (records: readonly MeasurementRecord[]) => void;
  /** What earlier processes have measured for this run. */
  readonly readMeasurements: () => readonly MeasurementRecord[];
}

/** Watches one gate until it is stopped. */
export type StartWatch = (op: WatchOp, deps: WatchDeps) => Watch;
