import { execFile } from 'node:child_process';
import { gitRoot } from '../run/local/journal/git-root.ts';

/** The commit checked out around a folder; undefined outside a repository, or without git. */
export function currentCommit(folder: string): Promise<string | undefined> {
  if (gitRoot(folder) === undefined) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    execFile('git', ['rev-parse', '--verify', '--quiet', 'HEAD'], { cwd: folder, encoding: 'utf8' }, (error, stdout) => {
      const commit = error === null ? stdout.trim() : '';
      resolve(commit === '' ? undefined : commit);
    });
  });
}
