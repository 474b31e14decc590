import type { MeasurementRecord } from '../measurement-record.ts';
import type { Link, RecordedRun } from './fact-chain.ts';
import type { GroupReturn } from '../core/change.ts';
import type { GroupAnswer, GroupAsk, GroupRow } from './group-rules.ts';
import type { InboxCommand } from './inbox-command.ts';
import type { RefusedCommand } from './sealed-command.ts';

/**
 * The record of runs, wherever it is kept: hash-chained facts, measurements, commands from other processes, groups of runs, and who may write.
 * Every method rejects with what keeps the store from answering (`REL_JOURNAL_…`). `test/run/store/store-rules.ts` holds what every
 * store promises.
 */
export interface RunStore {
  /** How people name it: of a file its full path. */
  readonly place: string;
  /** Enters a run without facts. Rejects with `REL_RUN_EXISTS`. */
  createRun(run: NewRun): Promise<void>;
  /** Oldest first. */
  runs(): Promise<readonly RunRow[]>;
  findRun(run: string): Promise<RunRow | undefined>;
  /** Every fact of the run, its chain checked. Rejects with `REL_RUN_UNKNOWN`, `REL_JOURNAL_CHAIN_BROKEN`. */
  readRun(run: string): Promise<RecordedRun>;
  /** In the order in which they were recorded. */
  readMeasurements(run: string): Promise<readonly MeasurementRecord[]>;

  /** The right to drive a run. Rejects with `REL_RUN_BUSY` while another driver lives, and with `REL_RUN_UNKNOWN`. */
  takeLease(run: string): Promise<Lease>;
  /** Whether a process drives the run now. */
  isDriven(run: string): Promise<boolean>;
  /** The process that drives the run now, if any. */
  driver(run: string): Promise<Driver | undefined>;
  /**
   * Makes the batch durable as a whole, and the commands that its facts came from taken. A batch whose facts are recorded already is a
   * commit whose answer was lost: it changes nothing. Rejects with `REL_LEASE_LOST` when another driver has taken over; then nothing
   * of it is recorded.
   */
  commit(batch: Batch): Promise<void>;

  /** Puts a command into the inbox of its run, once, however often it is called. Rejects with `REL_RUN_UNKNOWN`. */
  send(command: InboxCommand): Promise<void>;
  /**
   * Commands that no recorded fact has taken, in the order in which they were sent, without those that are refused. Cheap while nothing has
   * changed.
   */
  inbox(run: string): Promise<readonly InboxCommand[]>;
  /** The others: this relpipe does not know them, or they are not as they were sent. Equally cheap. */
  refusedCommands(run: string): Promise<readonly RefusedCommand[]>;

  /**
   * Takes a group of runs, or enters the run among those that wait for it; again and again with the same answer while nothing changes. Of
   * several processes that ask at once one gets it. Rejects with `REL_LEASE_LOST`.
   */
  takeGroup(ask: GroupAsk): Promise<GroupAnswer>;
  /** Every run that has asked for a group, and holds it, waits for it, or has left something in effect under it. */
  groups(): Promise<readonly GroupRow[]>;

  close(): Promise<void>;
}

/** A process that drives a run, and its last sign of life. */
export interface Driver {
  readonly pid: number;
  /** Name of its machine. */
  readonly host: string;
  /** Milliseconds since the epoch. */
  readonly seenAt: number;
  /** It exists, and does not answer: it is stopped, or busy with something that lets nothing else happen. */
  readonly isSilent: boolean;
}

/** What a driver records at one time. */
export interface Batch {
  readonly run: string;
  /** Of the driver's lease. */
  readonly fence: number;
  /** They continue the recorded chain. */
  readonly facts?: readonly Link[];
  readonly measurements?: readonly MeasurementRecord[];
  readonly summary?: RunSummary;
  /** Groups of runs that are returned with these facts. */
  readonly returned?: readonly GroupReturn[];
}

/** The right to drive a run. */
export interface Lease {
  readonly run: string;
  /** Grows with each driver; every commit carries it. */
  readonly fence: number;
  /**
   * Renews the lease; false when another driver has taken over. A store that cannot be written now does not end the driver: the next
   * commit tells whether the lease still holds.
   */
  beat(): Promise<boolean>;
  /** Lets the next driver in at once; where that cannot be written, as soon as this process has ended. */
  release(): Promise<void>;
}

/** The state of a run, as lists show it. `running` without a live lease: its process died; it can be resumed. */
export interface RunSummary {
  readonly state: 'running' | 'parked' | 'paused' | 'interrupted' | 'over';
  /** Of a run that is over. */
  readonly outcome?: string;
  /** Of a parked run; milliseconds since the epoch. */
  readonly wakeAt?: number;
}

export interface RunRow extends RunSummary {
  readonly id: string;
  /** Of the pipeline. */
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Of its plan. */
  readonly fingerprint: string;
  /** How many facts it has. */
  readonly facts: number;
}

export type NewRun = Pick<RunRow, 'id' | 'name' | 'createdAt' | 'fingerprint'>;
