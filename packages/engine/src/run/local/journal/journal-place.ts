import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { gitRoot } from './git-root.ts';

/** The folder in which a repository keeps its runs. */
const relpipeFolderName = '.relpipe';

/** `.relpipe` in a root; made if missing, and ignored by git. */
export function makeRelpipeFolder(root: string): string {
  const path = join(root, relpipeFolderName);
  mkdirSync(path, { recursive: true });
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
