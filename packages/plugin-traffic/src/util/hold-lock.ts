import { DatabaseSync } from 'node:sqlite';

/**
 * Holds a lock file for this process until `release`. The lock is the operating system's, through SQLite, so that a killed process leaves
 * none behind and no process number has to be trusted.
 * @returns undefined when another process holds it
 */
export function holdLock(path: string): { release(): void } | undefined {
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return { release: () => lock.close() };
  } catch (error) {
    lock.close();
    if (error instanceof Error && error.message.includes('locked')) return undefined;
    throw error;
  }
}
