import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { renderHtmlReport } from '../report/html/render-html-report.ts';
import type { Journal } from '../run/local/journal/journal.ts';
import { readRun } from './read-run.ts';

/** Writes the report of a recorded run, and gives the path. */
export async function writeHtmlReport(journal: Journal, run: string, file: string): Promise<string> {
  const path = resolve(file);
  const { plan, events } = await readRun(journal, run);
  const html = renderHtmlReport({ plan, events, measurements: journal.readMeasurements(run) });
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, html);
  return path;
}
