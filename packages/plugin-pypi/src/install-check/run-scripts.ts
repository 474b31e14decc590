import { join } from 'node:path';
import { StepError, type ReadContext } from 'relpipe/plugin';
import { lastLines } from '../python/last-lines.ts';

interface Scripts {
  /** Arguments by name. */
  readonly wanted: Readonly<Record<string, readonly string[]>>;
  /** What the project brings. */
  readonly scripts: readonly string[];
  readonly folder: string;
  readonly programs: string;
}

/** @throws {StepError} `PYPI_SCRIPT_MISSING`, `PYPI_SCRIPT_FAILED` */
export async function runScripts({ wanted, scripts, folder, programs }: Scripts, context: ReadContext): Promise<void> {
  for (const [name, args] of Object.entries(wanted)) {
    if (!scripts.includes(name)) {
      throw new StepError('PYPI_SCRIPT_MISSING', `It brings no console script ${name}.`, {
        hint: scripts.length === 0 ? 'It brings none at all: look at [project.scripts].' : `It brings ${scripts.join(', ')}.`,
      });
    }
    const { code, stdout, stderr } = await context.exec([join(programs, name), ...args], { cwd: folder });
    if (code !== 0) throw new StepError('PYPI_SCRIPT_FAILED', `${[name, ...args].join(' ')} ended with ${code}:\n${lastLines(`${stdout}\n${stderr}`)}`);
    context.log(`${[name, ...args].join(' ')} ended well`);
  }
}
