import { readFile } from 'node:fs/promises';
import type { Json } from '../../../contract/index.ts';
import { parseValues } from '../../../builtin/command-values.ts';
import type { FactBody } from '../../core/fact.ts';
import type { TaskOp } from '../../core/operation.ts';
import { attemptLog } from './attempt-log.ts';
import { endLeftoverProcesses } from '../process/end-leftover-processes.ts';
import { findSecret } from './find-secret.ts';
import type { RegistryContent } from '../process/process-registry.ts';
import type { TaskDeps } from './task-deps.ts';

/**
 * The facts about a task whose process is gone, once nothing of it runs any more: the state its command wrote and nobody recorded, and
 * that it was lost.
 */
export async function takeUpTask(op: TaskOp, leftovers: RegistryContent, deps: TaskDeps): Promise<readonly FactBody[]> {
  await endLeftoverProcesses(deps.run, op.key, leftovers);
  const lost: FactBody = { fact: 'ended', key: op.key, result: { status: 'lost' } };
  const state = op.verb === 'run' ? await leftState(op, deps) : undefined;
  return state === undefined ? [lost] : [{ fact: 'saved', key: op.key, state }, lost];
}

async function leftState(op: TaskOp, deps: TaskDeps): Promise<Json | undefined> {
  const text = await readFile(deps.folder.stateFile(op), 'utf8').catch(ignoreMissing);
  if (text.trim() === '') return undefined;
  try {
    const state = parseValues(text, 'RELPIPE_STATE');
    const secret = findSecret(deps.mask, state);
    if (secret === undefined) return state;
    say(op, deps, `The state this attempt left behind contains the secret ${secret} and was not recorded.`);
  } catch (error) {
    say(op, deps, `The state this attempt left behind was not recorded: ${error instanceof Error ? error.message : String(error)}`);
  }
  return undefined;
}

function ignoreMissing(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return '';
  throw error;
}

function say(op: TaskOp, deps: TaskDeps, text: string): void {
  const log = attemptLog(op, deps);
  log.line(text);
  log.close();
}
