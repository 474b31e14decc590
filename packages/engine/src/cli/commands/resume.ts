import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Plan } from '../../plan/plan.ts';
import type { RunRow } from '../../run/local/journal/run-row.ts';
import { checkOut } from '../session/work-tree.ts';
import { openRecordedRun, planOf } from '../session/recorded-run.ts';
import { driveRun } from '../session/drive-run.ts';
import type { DrivingOptions } from '../session/driving-options.ts';
import { exitCodes, worstFirst } from '../exit-codes.ts';
import { findOpenRun, findRun } from '../lookup/find.ts';
import { journalAt, type OpenedJournal } from '../lookup/open-journal.ts';
import { explainError } from '../output.ts';
import { isRelpipeError, relpipeError } from '../../errors/relpipe-error.ts';
import type { Journal } from '../../run/local/journal/journal.ts';

export interface ResumeOptions extends DrivingOptions {
  readonly journal?: string;
  readonly due?: boolean;
  readonly checkout?: boolean;
}

/** `relpipe resume RUN`, or every run whose time has come. */
export async function resume(name: string | undefined, options: ResumeOptions): Promise<number> {
  const opened = journalAt(process.cwd(), options.journal);
  try {
    if (options.due) return await resumeDue(opened, options);
    const row = name === undefined ? findOpenRun(opened.journal, undefined) : findRun(opened.journal, name);
    return await resumeRun(opened, row.id, options);
  } finally {
    opened.journal.close();
  }
}

/** Runs the recorded plan from where its facts end. */
export async function resumeRun(opened: OpenedJournal, run: string, options: ResumeOptions): Promise<number> {
  const plan: Plan = planOf(opened.journal, run);
  if (!options.checkout && !opened.isAtHome) insistOnFile(opened.root, plan);
  const recorded = await openRecordedRun(run, plan, options.checkout ? await checkOut(opened, plan) : opened.root);
  return recorded ? driveRun({ ...opened, ...recorded, run, plan }, options) : exitCodes.refused;
}

/** A journal that lies elsewhere does not tell its repository: its commands must not start in whatever folder this is. */
function insistOnFile(root: string, { source }: Plan): void {
  const file = resolve(root, source.file);
  if (!existsSync(file)) throw relpipeError('REL_FILE_MISSING', { file });
}

/** One after the other; the worst of their exit codes. One that cannot go on here does not keep the others from it. */
async function resumeDue(opened: OpenedJournal, options: ResumeOptions): Promise<number> {
  const codes: number[] = [];
  for (const row of opened.journal.runs().filter((run) => isDue(run, opened.journal, Date.now()))) {
    try {
      codes.push(await resumeRun(opened, row.id, options));
    } catch (error) {
      if (!isRelpipeError(error)) throw error;
      // A run that somebody else drives is no business of ours.
      if (error.code !== 'REL_RUN_BUSY') codes.push(explainError(error));
    }
  }
  return worstFirst.find((code) => codes.includes(code)) ?? exitCodes.succeeded;
}

/** Its time has come, its process died, or somebody has told it something that nobody has read. */
function isDue({ id, state, facts, wakeAt }: RunRow, journal: Journal, now: number): boolean {
  if (state === 'over' || facts === 0) return false;
  if (state === 'running' || state === 'interrupted') return true;
  return (wakeAt !== undefined && wakeAt <= now) || journal.takeLetters(id).length > 0;
}
