import { open, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

interface Ownership {
  readonly mode: number;
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * Replaces the file atomically and durably: after a crash it is the old one or the new one, complete. The draft in the same folder begins with
 * a dot, so that programs which read all files of a folder, as nginx does with `include sites/*`, do not read it.
 */
export async function replaceFile(path: string, text: string, { mode, uid, gid }: Ownership): Promise<void> {
  const draft = join(dirname(path), `.${basename(path)}.${process.pid}.draft`);
  await using file = await open(draft, 'w', mode & 0o777);
  await file.writeFile(text);
  if (uid !== undefined && gid !== undefined) await file.chown(uid, gid);
  await file.chmod(mode & 0o777);
  await file.sync();
  await rename(draft, path);
  await using folder = await open(dirname(path), 'r');
  await folder.sync();
}

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
