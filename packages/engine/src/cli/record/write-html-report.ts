import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { relpipeError } from '../../errors/relpipe-error.ts';
import type { ReadLog } from '../../report/html/page/steps.ts';
import { renderHtmlReport } from '../../report/html/render-html-report.ts';
import { runFolder } from '../../run/local/run-folder.ts';
import { messageOf } from '../../util/phrases.ts';
import { findRun } from './find.ts';
import type { OpenedStore } from './open-store.ts';
import { readCheckedRun } from './read-recorded-run.ts';

/** Writes the report of a recorded run, and returns the path. Throws `REL_USAGE` when it cannot be written there. */
export async function writeHtmlReport({ store, relpipeFolder }: OpenedStore, run: string, file: string): Promise<string> {
  const path = resolve(file);
  const { plan, events, measurements } = await readCheckedRun(store, await findRun(store, run));
  const folder = runFolder(relpipeFolder, run);
  const logOf: ReadLog = (attempt) => readLogEnd(folder.logFile(attempt));
  const html = renderHtmlReport({ plan, events, measurements, logOf });
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, html);
  } catch (error) {
    const because = `The report ${path} cannot be written: ${messageOf(error)}.`;
    throw relpipeError('REL_USAGE', { because, command: 'report' }, error);
  }
  return path;
}

const bytesRead = 64 * 1024;
const linesRead = 100;

/** The last lines of a log; none where nothing was printed. */
function readLogEnd(file: string): readonly string[] {
  const log = open(file);
  if (log === undefined) return [];
  try {
    const start = Math.max(0, fstatSync(log).size - bytesRead);
    const buffer = Buffer.alloc(bytesRead);
    const text = buffer.toString('utf8', 0, readSync(log, buffer, 0, bytesRead, start));
    const lines = text.replace(/\n$/, '').split('\n');
    return (start > 0 ? lines.slice(1) : lines).slice(-linesRead);
  } finally {
    closeSync(log);
  }
}

function open(file: string): number | undefined {
  try {
    return openSync(file, 'r');
  } catch {
    return undefined;
  }
}
