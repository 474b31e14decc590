import { execFile } from 'node:child_process';
import { gitRoot } from '../run/local/journal/git-root.ts';

export interface WorkTree {
  /** Missing outside of a repository, before the first commit, and without git. */
  readonly commit?: string;
  /** Something in it is not as in the commit, or is new and not ignored. */
  readonly uncommitted?: true;
}

/** What is checked out around a folder, by one call of git. Source of the format: git-status(1), porcelain version 2. */
export function readWorkTree(folder: string): Promise<WorkTree> {
  if (gitRoot(folder) === undefined) return Promise.resolve({});
  return new Promise((resolve) => {
    // Only looks: another git may hold the index meanwhile.
    const options = { cwd: folder, encoding: 'utf8', env: { ...process.env, GIT_OPTIONAL_LOCKS: '0' } } as const;
    // More changes than fit the buffer are changes as well.
    execFile('git', ['status', '--porcelain=v2', '--branch'], options, (_, stdout) => {
      const commit = /^# branch\.oid ([0-9a-f]+)$/m.exec(stdout)?.[1];
      resolve(commit === undefined ? {} : { commit, ...(/^[^#]/m.test(stdout) && { uncommitted: true }) });
    });
  });
}
