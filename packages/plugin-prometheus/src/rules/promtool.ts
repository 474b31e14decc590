import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StepError, type ReadContext } from 'relpipe/plugin';

/**
 * Checks a rule file with promtool. Undefined where promtool is not installed: then only the server checks the rules.
 * @throws {StepError} `PROMETHEUS_RULES_INVALID`, with the message of promtool
 */
export async function checkWithPromtool(text: string, promtool: string | undefined, context: ReadContext): Promise<true | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'relpipe-rules-'));
  try {
    const file = join(folder, 'rules.yml');
    await writeFile(file, text);
    const { code, stdout, stderr } = await context.exec([promtool ?? 'promtool', 'check', 'rules', file]);
    if (code === 0) return true;
    throw refused(`${stderr}\n${stdout}`.replaceAll(file, 'the rules'));
  } catch (error) {
    if (promtool === undefined && isMissing(error)) return undefined;
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'REL_COMMAND_NOT_FOUND');

function refused(output: string): StepError {
  const lines = output.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !/^(Checking|FAILED|SUCCESS)/.test(line));
  return new StepError('PROMETHEUS_RULES_INVALID', `promtool reports: ${lines.join(' ').slice(0, 500)}`, {
    hint: 'Correct the rules, and check them with `promtool check rules`.',
  });
}
