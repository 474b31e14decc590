import { open, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Whose the file is to be. */
interface Ownership {
  readonly mode: number;
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * Replaces the file at once and for good: after a crash it is the old one or the new one, whole. The draft beside it begins with a dot, so
 * that who reads all files of a folder, as nginx does with `include sites/*`, does not read it.
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
