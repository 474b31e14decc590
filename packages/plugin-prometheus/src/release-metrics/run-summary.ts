/** What the metrics of one run are made from. Times are seconds since the epoch. */
export interface RunSummary {
  readonly run: string;
  readonly pipeline: string;
  readonly version: string;
  readonly commit: string;
  readonly who: string;
  readonly outcome: Outcome;
  readonly startedAt: number;
  readonly seenAt: number;
  readonly steps: readonly StepTime[];
  readonly gates: readonly GateWatch[];
  /** The last weight that a stage reported, in percent. */
  readonly weights: ReadonlyMap<string, number>;
  /** From the start of the rollback until it ended. */
  readonly rollbackSeconds?: number;
  /** From the first failing sample, or the failure of a step, until everything was rolled back. */
  readonly recoverySeconds?: number;
}

/** How a run ended, or its current state. `interrupted`: its process ended, and the run has not been resumed yet. */
export const outcomes = [
  'succeeded',
  'partially-succeeded',
  'failed',
  'rolled-back',
  'rollback-failed',
  'stopped',
  'parked',
  'frozen',
  'interrupted',
] as const;
export type Outcome = (typeof outcomes)[number];

export interface StepTime {
  readonly step: string;
  readonly phase: string;
  readonly end: string;
  readonly seconds: number;
}

export interface GateWatch {
  readonly step: string;
  readonly gate: string;
  /** From the start of the step until it ended, or until the run was last seen. */
  readonly seconds: number;
  /** How often the gate returned each verdict. */
  readonly verdicts: ReadonlyMap<string, number>;
}
