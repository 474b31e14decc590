import { isStepError, type ExecResult, type ReadContext } from 'relpipe/plugin';

/** What a command says; undefined where its program is not on this machine. */
export async function execIfThere(argv: readonly string[], context: ReadContext): Promise<ExecResult | undefined> {
  try {
    return await context.exec(argv);
  } catch (error) {
    if (isStepError(error) && error.code === 'REL_COMMAND_NOT_FOUND') return undefined;
    throw error;
  }
}
