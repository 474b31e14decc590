import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { relpipeError } from '../errors/relpipe-error.ts';
import { renderHtmlReport } from '../report/html/render-html-report.ts';
import type { Journal } from '../run/local/journal/journal.ts';
import { readRun } from './read-run.ts';

/** Writes the report of a recorded run, and gives the path. Throws `REL_USAGE` when it cannot be written there. */
export async function writeHtmlReport(journal: Journal, run: string, file: string): Promise<string> {
  const path = resolve(file);
  const { plan, events } = await readRun(journal, run);
  const html = renderHtmlReport({ plan, events, measurements: journal.readMeasurements(run) });
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, html);
  } catch (error) {
    const because = `The report ${path} cannot be written: ${error instanceof Error ? error.message : String(error)}.`;
    throw relpipeError('REL_USAGE', { because, command: 'report' }, error);
  }
  return path;
}
