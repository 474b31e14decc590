import { execFile, spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { relpipeError } from '../../errors/relpipe-error.ts';
import type { Plan } from '../../plan/plan.ts';
import { gitRoot } from '../../util/relpipe-folder.ts';
import type { OpenedStore } from '../record/open-store.ts';

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

/** The commit checked out around a folder; undefined outside a repository, or without git. */
export const currentCommit = (folder: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    execFile('git', ['rev-parse', '--verify', '--quiet', 'HEAD'], { cwd: folder, encoding: 'utf8' }, (error, stdout) => {
      const commit = error === null ? stdout.trim() : '';
      resolve(commit === '' ? undefined : commit);
    });
  });

/**
 * A work tree at the commit that a run was planned at: the repository's own when it is there, else one in `.relpipe/trees`, so that the
 * repository's own stays as it is. Throws `REL_CHECKOUT_FAILED`.
 */
export async function checkOut({ relpipeFolder, root }: OpenedStore, { source: { commit } }: Plan): Promise<string> {
  if (commit === undefined || (await currentCommit(root)) === commit) return root;
  const tree = join(relpipeFolder, 'trees', commit);
  if (existsSync(tree) && (await currentCommit(tree)) === commit) return tree;
  // Its repository is gone, as where `.relpipe` was restored into another clone, or somebody has moved it.
  rmSync(tree, { recursive: true, force: true });
  addTree(root, tree, commit);
  return tree;
}

/** Made under another name first: a tree that an ended process has half made is never taken for a whole one. */
function addTree(root: string, tree: string, commit: string): void {
  const unfinished = `${tree}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  for (const args of [['prune'], ['add', '--detach', unfinished, commit], ['move', unfinished, tree]]) {
    const git = spawnSync('git', ['worktree', ...args], { cwd: root, encoding: 'utf8' });
    if (git.status === 0) continue;
    const isMissing = spawnSync('git', ['cat-file', '-e', commit], { cwd: root }).status === 1;
    throw relpipeError('REL_CHECKOUT_FAILED', { commit, isMissing, because: git.error?.message ?? git.stderr.trim() });
  }
}
