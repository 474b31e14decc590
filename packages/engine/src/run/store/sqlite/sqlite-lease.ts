import { isRelpipeError, relpipeError } from '../../../errors/relpipe-error.ts';
import { identifyProcess, lookUpProcess, type ProcessIdentity } from '../../../util/process-identity.ts';
import type { Driver, Lease } from '../run-store.ts';
import type { Database, Row } from './database.ts';
import { readRecorded } from './recorded-json.ts';
import { writeJson } from '../../../util/write-json.ts';

/** How long a driver may be silent before its lease is free where nobody can tell whether it lives: on another host, for example. */
export const leaseTtlMs = 30_000;
/** A driver renews its lease every five seconds; one that has not for so long does not answer. */
const silentAfterMs = 15_000;

/**
 * Takes the run's lease when nobody holds it, its process on this host is gone, or it has been silent for `leaseTtlMs` and nobody can tell.
 * Throws `REL_RUN_BUSY`, `REL_RUN_UNKNOWN`.
 */
export function takeLease(database: Database, run: string, now: () => number): Lease {
  const fence = database.inTransaction(() => {
    if (database.get('run', [run]) === undefined) throw relpipeError('REL_RUN_UNKNOWN', { run, file: database.file });
    const holder = database.get('lease', [run]);
    if (holder !== undefined) requireFree(database, run, holder, now());
    const owner = writeJson(identifyProcess(process.pid));
    return Number(database.get('takeLease', { run, owner, at: now() })?.['fence']);
  });
  return {
    run,
    fence,
    async beat() {
      try {
        return database.run('beat', { run, fence, at: now() }) === 1;
      } catch (error) {
        if (isRelpipeError(error)) return true;
        throw error;
      }
    },
    async release() {
      try {
        database.run('releaseLease', { run, fence });
      } catch (error) {
        if (!isRelpipeError(error)) throw error;
      }
    },
  };
}

/** Throws `REL_LEASE_LOST`. Only inside a transaction does the answer still hold afterwards. */
export function requireFence(database: Database, run: string, fence: number): void {
  const lease = database.get('lease', [run]);
  if (lease?.['fence'] !== fence || lease['owner'] === null) throw relpipeError('REL_LEASE_LOST', { run });
}

export function driverOf(database: Database, run: string, now: number): Driver | undefined {
  const row = database.get('lease', [run]);
  if (row === undefined || !isHeld(database, run, row, now)) return undefined;
  const { pid, host } = ownerOf(database, run, row);
  const seenAt = Number(row['heartbeat_at']);
  return { pid, host: nameOf(host), seenAt, isSilent: now - seenAt >= silentAfterMs };
}

/** Whether a process of this machine drives any run. */
export const isAnyDriverAlive = (database: Database): boolean =>
  database.all('owners').some((row) => ['alive', 'unknown'].includes(lookUpProcess(ownerOf(database, String(row['run']), row))));

function requireFree(database: Database, run: string, row: Row, now: number): void {
  if (!isHeld(database, run, row, now)) return;
  const { pid, host } = ownerOf(database, run, row);
  const seenAt = new Date(Number(row['heartbeat_at'])).toISOString();
  throw relpipeError('REL_RUN_BUSY', { run, owner: `process ${pid} on ${nameOf(host)}`, seenAt });
}

const nameOf = (host: string): string => host.split(' ')[0] ?? host;

function isHeld(database: Database, run: string, row: Row, now: number): boolean {
  if (row['owner'] === null) return false;
  const state = lookUpProcess(ownerOf(database, run, row));
  return state === 'elsewhere' || state === 'unknown' ? now - Number(row['heartbeat_at']) < leaseTtlMs : state === 'alive';
}

const ownerOf = ({ file }: Database, run: string, row: Row): ProcessIdentity => readRecorded(row['owner'], isIdentity, file, `the lease of run ${run}`);

const isIdentity = ({ host, pid, started }: Readonly<Record<string, unknown>>): boolean =>
  typeof host === 'string' && typeof pid === 'number' && typeof started === 'string';
