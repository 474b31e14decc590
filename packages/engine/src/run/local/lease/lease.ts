import { isRelpipeError, relpipeError } from '../../../errors/relpipe-error.ts';
import type { Clock } from '../clock.ts';
import type { Row } from '../journal/database.ts';
import type { Journal } from '../journal/journal.ts';
import { identifyProcess, lookUpProcess, type ProcessIdentity } from '../process/process-identity.ts';

/** The right to drive a run. */
export interface Lease {
  readonly run: string;
  /** Grows with each driver; every commit shows it. */
  readonly fence: number;
  /**
   * Says that the driver lives; false when another one has taken over. A journal that cannot be written now is no reason to end: the
   * next commit says whether the lease still holds.
   */
  beat(): boolean;
  /** Lets the next driver in at once; where that cannot be written, as soon as this process has ended. */
  release(): void;
}

export const heartbeatEveryMs = 5_000;
/** How long a driver on another host may be silent before its lease is free. */
export const leaseTtlMs = 30_000;

/**
 * Takes the run's lease when nobody holds it, its process on this host is gone, or its host has been silent for `leaseTtlMs`.
 * Throws `REL_RUN_BUSY`, `REL_RUN_UNKNOWN`.
 */
export function takeLease(journal: Journal, run: string, clock: Pick<Clock, 'now'>): Lease {
  const { database } = journal;
  const fence = database.inTransaction(() => {
    if (journal.findRun(run) === undefined) throw relpipeError('REL_RUN_UNKNOWN', { run, file: journal.file });
    const holder = database.get('lease', [run]);
    if (holder !== undefined) insistOnFree(run, holder, clock.now());
    const owner = JSON.stringify(identifyProcess(process.pid));
    return Number(database.get('takeLease', { run, owner, at: clock.now() })?.['fence']);
  });
  return {
    run,
    fence,
    beat: () => {
      try {
        return database.run('beat', { run, fence, at: clock.now() }) === 1;
      } catch (error) {
        if (isRelpipeError(error)) return true;
        throw error;
      }
    },
    release: () => {
      try {
        database.run('releaseLease', { run, fence });
      } catch (error) {
        if (!isRelpipeError(error)) throw error;
      }
    },
  };
}

/** Whether somebody drives the run now. */
export function isDriven(journal: Journal, run: string, now: number): boolean {
  const row = journal.database.get('lease', [run]);
  return row !== undefined && isHeld(row, now);
}

function insistOnFree(run: string, row: Row, now: number): void {
  if (!isHeld(row, now)) return;
  const { pid, host } = ownerOf(row);
  const seenAt = new Date(Number(row['heartbeat_at'])).toISOString();
  throw relpipeError('REL_RUN_BUSY', { run, owner: `process ${pid} on ${host.split(' ')[0] ?? host}`, seenAt });
}

function isHeld(row: Row, now: number): boolean {
  if (row['owner'] === null) return false;
  const state = lookUpProcess(ownerOf(row));
  return state === 'elsewhere' ? now - Number(row['heartbeat_at']) < leaseTtlMs : state === 'alive';
}

const ownerOf = (row: Row): ProcessIdentity => JSON.parse(String(row['owner'])) as ProcessIdentity;
