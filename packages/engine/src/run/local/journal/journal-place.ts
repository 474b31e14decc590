import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The folder in which a repository keeps its runs. */
const relpipeFolderName = '.relpipe';

/**
 * `.relpipe` at the root of the git repository around `folder`, else in `folder` itself; made if missing, and ignored by git.
 */
export function makeRelpipeFolder(folder: string): string {
  const path = join(rootAround(folder), relpipeFolderName);
  mkdirSync(path, { recursive: true });
  const ignore = join(path, '.gitignore');
  if (!existsSync(ignore)) writeFileSync(ignore, '*\n');
  return path;
}

/** The root of the git repository around a folder, else the folder itself: paths in plans are relative to it. */
export const rootAround = (folder: string): string => findGitRoot(folder) ?? resolve(folder);

/** Default place of the journal in `.relpipe`. */
export const journalFileIn = (relpipeFolder: string): string => join(relpipeFolder, 'journal.db');

/** A work tree has a `.git` file instead of a folder; it is a root too. */
function findGitRoot(folder: string): string | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (at === dirname(at)) return undefined;
  }
}
