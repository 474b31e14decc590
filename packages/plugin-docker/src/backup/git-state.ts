import { isStepError, type ReadContext } from 'relpipe/plugin';

/** Commit and tag of the repository the pipeline lies in; null where there is none, or no git. */
export async function gitState(context: ReadContext): Promise<{ readonly commit: string | null; readonly tag: string | null }> {
  const commit = await git(context, 'rev-parse', 'HEAD');
  return { commit, tag: commit === null ? null : await git(context, 'describe', '--tags', '--exact-match', 'HEAD') };
}

async function git(context: ReadContext, ...args: readonly string[]): Promise<string | null> {
  try {
    const { code, stdout } = await context.exec(['git', ...args]);
    return code === 0 ? stdout.trim() : null;
  } catch (error) {
    context.signal.throwIfAborted();
    if (isStepError(error) || (error instanceof Error && 'code' in error && error.code === 'ENOENT')) return null;
    throw error;
  }
}
