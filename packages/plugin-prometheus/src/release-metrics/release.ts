/** How a run ended, or how it stands. `interrupted`: its process was ended, and nobody has gone on with it yet. */
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
  /** From the begin of the step until it ended, or until the run was last seen. */
  readonly seconds: number;
  /** How often it gave which answer. */
  readonly verdicts: ReadonlyMap<string, number>;
}

/** What metrics tell of one run. Times are seconds since the epoch. */
export interface Release {
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
  /** The last weight that steps of a stage have told, in percent. */
  readonly weights: ReadonlyMap<string, number>;
  /** From the turn until the way back was over. */
  readonly rollbackSeconds?: number;
  /** From the look or the failure that showed the trouble until everything was undone. */
  readonly recoverySeconds?: number;
}
