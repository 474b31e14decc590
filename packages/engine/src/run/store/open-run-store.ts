import type { RunStore } from './run-store.ts';
import { openSqliteStore } from './sqlite/open-sqlite-store.ts';

/**
 * Opens the store that `place` names: today always the path of a SQLite file, which is made when there is none. With `read`, one that
 * this user may not write is opened all the same.
 */
export async function openRunStore(place: string, access: 'read' | 'write' = 'write'): Promise<RunStore> {
  return openSqliteStore(place, Date.now, access);
}
