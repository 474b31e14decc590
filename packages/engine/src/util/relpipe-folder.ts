import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';

/** The folder in which a repository keeps its runs. */
export const relpipeFolderName = '.relpipe';

/** `.relpipe` in a root. */
export const relpipeFolderIn = (root: string): string => join(root, relpipeFolderName);

/** The same, made if missing: only for this user, because plans and logs are in it, and ignored by git. */
export function makeRelpipeFolder(root: string): string {
  const path = relpipeFolderIn(root);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const ignore = join(path, '.gitignore');
  if (!existsSync(ignore)) writeFileSync(ignore, '*\n');
  return path;
}

/**
 * What paths in plans are relative to, and where runs are kept: the root of the git repository around `folder`; outside of one, the
 * folder `from` where the command was typed, if `folder` lies in it, so that the next command typed there finds the run.
 */
export function rootAround(folder: string, from: string): string {
  const isBelow = !relative(from, folder).startsWith('..') && !isAbsolute(relative(from, folder));
  return gitRoot(folder) ?? resolve(isBelow ? from : folder);
}

/** Default place of the journal in `.relpipe`. */
export const journalFileIn = (relpipeFolder: string): string => join(relpipeFolder, 'journal.db');

/** The root of the git repository around a folder. A work tree has a `.git` file instead of a folder; it is a root too. */
export function gitRoot(folder: string): string | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (at === dirname(at)) return undefined;
  }
}
