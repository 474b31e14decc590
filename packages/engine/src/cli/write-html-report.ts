import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { relpipeError } from '../errors/relpipe-error.ts';
import type { ReadLog } from '../report/html/page/steps.ts';
import { renderHtmlReport } from '../report/html/render-html-report.ts';
import { runFolder } from '../run/local/tasks/run-folder.ts';
import type { OpenedJournal } from './journal-at.ts';
import { readLogEnd } from './read-log-end.ts';
import { readRun } from './read-run.ts';
import { standingEvents } from './standing-events.ts';

/** Writes the report of a recorded run, and gives the path. Throws `REL_USAGE` when it cannot be written there. */
export async function writeHtmlReport({ journal, relpipeFolder }: OpenedJournal, run: string, file: string): Promise<string> {
  const path = resolve(file);
  const { plan, state, events: recorded } = await readRun(journal, run);
  const row = journal.findRun(run);
  const events = [...recorded, ...(row ? standingEvents(journal, row, state) : [])];
  const folder = runFolder(relpipeFolder, run);
  const logOf: ReadLog = (attempt) => readLogEnd(folder.logFile(attempt));
  const html = renderHtmlReport({ plan, events, measurements: journal.readMeasurements(run), logOf });
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, html);
  } catch (error) {
    const because = `The report ${path} cannot be written: ${error instanceof Error ? error.message : String(error)}.`;
    throw relpipeError('REL_USAGE', { because, command: 'report' }, error);
  }
  return path;
}
