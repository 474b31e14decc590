import type { ReadContext } from 'relpipe/plugin';
import { execIfThere } from '../cli/exec-if-there.ts';

/** Commit and tag of the repository the pipeline lies in; null where there is none, or no git. */
export async function gitState(context: ReadContext): Promise<{ readonly commit: string | null; readonly tag: string | null }> {
  const commit = await git(context, 'rev-parse', 'HEAD');
  return { commit, tag: commit === null ? null : await git(context, 'describe', '--tags', '--exact-match', 'HEAD') };
}

async function git(context: ReadContext, ...args: readonly string[]): Promise<string | null> {
  const said = await execIfThere(['git', ...args], context);
  return said?.code === 0 ? said.stdout.trim() : null;
}
