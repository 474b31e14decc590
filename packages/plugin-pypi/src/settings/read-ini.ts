import { readFile } from 'node:fs/promises';
import { StepError } from 'relpipe/plugin';
import { parseIni, type Ini } from './parse-ini.ts';

/**
 * Undefined when there is no such file.
 * @throws {StepError} `PYPI_SETTINGS_UNREADABLE`
 */
export async function readIni(path: string): Promise<Ini | undefined> {
  try {
    return parseIni(await readFile(path, 'utf8'));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new StepError('PYPI_SETTINGS_UNREADABLE', `${path} could not be read: ${String(code ?? error)}.`, {
      hint: 'It may name the index to use; make it readable, or name the index in the step.',
      cause: error,
    });
  }
}
