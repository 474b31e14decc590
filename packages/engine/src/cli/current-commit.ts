import { execFile } from 'node:child_process';

/** The commit checked out around a folder; undefined outside a repository, or without git. */
export const currentCommit = (folder: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    execFile('git', ['rev-parse', '--verify', '--quiet', 'HEAD'], { cwd: folder, encoding: 'utf8' }, (error, stdout) => {
      const commit = error === null ? stdout.trim() : '';
      resolve(commit === '' ? undefined : commit);
    });
  });
