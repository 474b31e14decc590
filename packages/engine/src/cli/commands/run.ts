import { availableParallelism } from 'node:os';
import { relpipeError } from '../../errors/relpipe-error.ts';
import { newRunId } from '../../run/local/journal/run-id.ts';
import { createMask } from '../../run/local/mask-secrets.ts';
import { checkPlan, isRefused } from '../session/check-plan.ts';
import { driveRun } from '../session/drive-run.ts';
import { readDrivingOptions, type DrivingOptions } from '../session/driving-options.ts';
import { exitCodes } from '../exit-codes.ts';
import { identifyPerson } from '../lookup/send-command.ts';
import { journalAt } from '../lookup/open-journal.ts';
import { makePlan } from '../session/make-plan.ts';
import { readSecrets } from '../session/secrets.ts';
import { rules } from '../../run/core/rules.ts';

export interface RunOptions extends DrivingOptions {
  readonly input: readonly string[];
  readonly journal?: string;
  readonly parallel?: string;
}

/** `relpipe run FILE`: read, check, plan, verify, record, drive. */
export async function run(file: string, options: RunOptions): Promise<number> {
  const parallel = readParallel(options.parallel);
  // Who mistyped one hears it before anything is read or checked.
  readDrivingOptions(options);
  const made = await makePlan(file, options.input);
  if (!made) return exitCodes.refused;
  const { plan, pipeline } = made;
  createMask(readSecrets(plan.secrets, process.env));
  if (isRefused(await checkPlan(made))) return exitCodes.refused;

  const opened = journalAt(pipeline.folder, options.journal);
  try {
    const id = newRunId(Date.now());
    opened.journal.createRun({ id, name: plan.name, createdAt: Date.now(), fingerprint: plan.fingerprint });
    const planned = { fact: 'planned', run: id, plan, parallel, who: identifyPerson(undefined, process.env), rules, engine: RELPIPE_VERSION } as const;
    return await driveRun({ ...opened, run: id, plan, registry: pipeline.registry, workdir: pipeline.folder, planned }, options);
  } finally {
    opened.journal.close();
  }
}

function readParallel(text: string | undefined): number {
  if (text === undefined) return Math.max(4, 2 * availableParallelism());
  const n = Number(text);
  if (Number.isInteger(n) && n >= 1) return n;
  throw relpipeError('REL_USAGE', { because: `--parallel ${text} is no whole number from 1.`, command: 'run' });
}

/** Put in by the build. */
declare const RELPIPE_VERSION: string;
