import type { RunStore } from './run-store.ts';
import { openSqliteStore } from './sqlite/open-sqlite-store.ts';

/** Opens the store that `place` names: today always the path of a SQLite file, which is made when there is none. */
export async function openRunStore(place: string): Promise<RunStore> {
  return openSqliteStore(place);
}
