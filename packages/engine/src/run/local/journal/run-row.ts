import type { Row } from './database.ts';

/** Where a run stands, as lists show it. `running` without a live lease: its process died; it can be resumed. */
export interface RunSummary {
  readonly state: 'running' | 'parked' | 'frozen' | 'interrupted' | 'over';
  /** Of a run that is over. */
  readonly outcome?: string;
  /** Of a parked run; milliseconds since the epoch. */
  readonly wakeAt?: number;
}

export interface RunRow extends RunSummary {
  readonly id: string;
  /** Of the pipeline. */
  readonly name: string;
  readonly createdAt: number;
  /** Of its plan. */
  readonly fingerprint: string;
  /** How many facts it has. */
  readonly facts: number;
}

export const readRunRow = (row: Row): RunRow => ({
  id: String(row['id']),
  name: String(row['name']),
  createdAt: Number(row['created_at']),
  fingerprint: String(row['fingerprint']),
  state: row['state'] as RunSummary['state'],
  facts: Number(row['head_seq']),
  ...(row['outcome'] !== null && { outcome: String(row['outcome']) }),
  ...(row['wake_at'] !== null && { wakeAt: Number(row['wake_at']) }),
});
