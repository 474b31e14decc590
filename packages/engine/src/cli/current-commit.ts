import { spawnSync } from 'node:child_process';

/** The commit checked out around a folder; undefined outside a repository, or without git. */
export function currentCommit(folder: string): string | undefined {
  const git = spawnSync('git', ['rev-parse', '--verify', '--quiet', 'HEAD'], { cwd: folder, encoding: 'utf8' });
  const commit = git.status === 0 ? git.stdout.trim() : '';
  return commit === '' ? undefined : commit;
}
