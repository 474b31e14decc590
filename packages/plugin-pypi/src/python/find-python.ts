import { isStepError, StepError, type ReadContext } from 'relpipe/plugin';

/**
 * The interpreter that is named, else `python3`, else `python`.
 * @throws {StepError} `PYPI_NO_PYTHON`
 */
export async function findPython(named: string | undefined, context: ReadContext): Promise<string> {
  for (const python of named === undefined ? ['python3', 'python'] : [named]) if (await isPython(python, context)) return python;
  throw new StepError('PYPI_NO_PYTHON', `${named ?? 'Neither python3 nor python'} could not be started as Python 3.`, {
    hint: 'Install it, or say with `python` where it is.',
  });
}

/** `-I`: whatever lies in the working directory or PYTHONPATH is none of ours. */
async function isPython(python: string, context: ReadContext): Promise<boolean> {
  try {
    return (await context.exec([python, '-I', '-c', 'import sys; sys.exit(sys.version_info < (3, 8))'])).code === 0;
  } catch (error) {
    if (isStepError(error)) return false;
    throw error;
  }
}
