import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { relpipeError } from '../errors/relpipe-error.ts';
import type { Plan } from '../plan/plan.ts';
import { currentCommit } from './current-commit.ts';
import type { OpenedJournal } from './journal-at.ts';

/**
 * A work tree at the commit that a run was planned at: the repository's own when it is there, else one in `.relpipe/trees`, so that the
 * repository's own stays as it is. Throws `REL_CHECKOUT_FAILED`.
 */
export async function checkOut({ relpipeFolder, root }: OpenedJournal, { source: { commit } }: Plan): Promise<string> {
  if (commit === undefined || (await currentCommit(root)) === commit) return root;
  const tree = join(relpipeFolder, 'trees', commit);
  if (existsSync(tree)) return tree;
  const git = spawnSync('git', ['worktree', 'add', '--detach', tree, commit], { cwd: root, encoding: 'utf8' });
  if (git.status !== 0) throw relpipeError('REL_CHECKOUT_FAILED', { commit, because: git.error?.message ?? git.stderr.trim() });
  return tree;
}
