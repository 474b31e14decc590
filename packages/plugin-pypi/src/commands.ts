import { isStepError, StepError, type ReadContext } from 'relpipe/plugin';

/**
 * The interpreter that is named, else `python3`, else `python`.
 * @throws {StepError} `PYPI_PYTHON_NOT_FOUND`
 */
export async function findPython(named: string | undefined, context: ReadContext): Promise<string> {
  for (const python of named === undefined ? ['python3', 'python'] : [named]) if (await isPython(python, context)) return python;
  const what = named === undefined ? 'Neither python3 nor python could be started' : `${named} could not be started`;
  throw new StepError('PYPI_PYTHON_NOT_FOUND', `${what} as Python 3.8 or newer.`, { hint: 'Install Python, or set `python` to its path.' });
}

/** `-I`: files in the working directory and on PYTHONPATH must not change the answer. */
const isPython = (python: string, context: ReadContext): Promise<boolean> =>
  succeeds([python, '-I', '-c', 'import sys; sys.exit(sys.version_info < (3, 8))'], context);

/** Whether a command can be started and exits with 0. */
export async function succeeds(argv: readonly string[], context: ReadContext): Promise<boolean> {
  try {
    return (await context.exec(argv)).code === 0;
  } catch (error) {
    if (isStepError(error)) return false;
    throw error;
  }
}

const lineCount = 8;

/** The end of what a command printed, where it usually says what went wrong. */
export const lastLines = (printed: string): string =>
  printed
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .slice(-lineCount)
    .join('\n');
