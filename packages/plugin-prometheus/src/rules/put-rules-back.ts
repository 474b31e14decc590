import { resolve } from 'node:path';
import { StepError, type RollbackContext } from 'relpipe/plugin';
import { readIfThere } from '../file/read-if-there.ts';
import { putFormerRules } from './change-rules.ts';
import type { LoadedRules, RulesChange, RulesConfig } from './rules-config.ts';

/**
 * Puts back what was in the file, or removes a new one, and waits until the server has noticed. What somebody else has written since is left alone.
 * @throws {StepError} `PROMETHEUS_RULES_MOVED`, `PROMETHEUS_RULES_NOT_LOADED`
 */
export async function putRulesBack(config: RulesConfig, context: RollbackContext<RulesChange, LoadedRules>): Promise<void> {
  const { saved, workdir } = context;
  if (!saved) return; // Nothing was written.
  const path = resolve(workdir, config.file);
  const now = (await readIfThere(path)) ?? null;
  if (now !== saved.written && now !== saved.former) throw moved(path);
  // Also when the file is as before: the server may not have noticed yet.
  await putFormerRules(path, saved.former, config, context);
  context.log(saved.former === null ? `the rules of ${path} are gone` : `the rules of ${path} are as before`);
}

const moved = (path: string) =>
  new StepError('PROMETHEUS_RULES_MOVED', `${path} holds other rules now than this run has written.`, {
    hint: 'Find out who else writes there. What this run found is in the saved state of the step.',
  });
