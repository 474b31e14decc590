import { resolve } from 'node:path';
import type { RunContext } from 'relpipe/plugin';
import { readIfThere } from '../file/read-if-there.ts';
import { changeRules, putFormerRules } from './change-rules.ts';
import { checkWithPromtool } from './check-with-promtool.ts';
import { readRules } from './read-rules.ts';
import type { LoadedRules, RulesChange, RulesConfig } from './rules-config.ts';

/** Writes the file and sees the rules loaded. A server that refuses them gets its former file back at once, because it could not start with this one. */
export async function runRules(config: RulesConfig, context: RunContext<RulesChange>): Promise<LoadedRules> {
  const { text, groups } = await readRules(config, context.workdir);
  if ((await checkWithPromtool(text, config.promtool, context)) === undefined) context.log('promtool is not there: the server alone checks the rules');
  const path = resolve(context.workdir, config.file);
  // A second attempt must not take the work of the first for the former state.
  const former = context.saved ? context.saved.former : ((await readIfThere(path)) ?? null);
  await context.saveState({ written: text, former });
  try {
    await changeRules(path, text, config, context);
  } catch (error) {
    if (!context.signal.aborted) await putFormerRules(path, former, config, context).catch((again: unknown) => context.log(`the former rules: ${String(again)}`));
    throw error;
  }
  const rules = groups.reduce((sum, group) => sum + (group.rules?.length ?? 0), 0);
  context.log(`${rules} rules of ${path} are loaded`);
  return { file: path, groups: groups.map(({ name }) => name), rules };
}
