import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import {
  isFullyKnown,
  StepError,
  unknownUntilRun,
  type AutomaticRollbackContext,
  type Finding,
  type PlannedConfig,
  type Preview,
  type ReadContext,
  type RollbackContext,
  type RunContext,
} from 'relpipe/plugin';
import { readIfThere } from 'relpipe/plugin/toolkit';
import { verifyKnown } from '../verify-known.ts';
import { changeRules, restoreRules } from './change-rules.ts';
import { checkWithPromtool } from './promtool.ts';
import { readRules } from './rule-file.ts';
import { RuleServer } from './rule-server.ts';
import type { RulesConfig, RulesOutputs, RulesSchema, RulesState } from './rules.ts';

/** Checks the rules, the folder to write to, and the server. */
export const verify = (planned: PlannedConfig<RulesSchema>, context: ReadContext): Promise<readonly Finding[]> =>
  verifyKnown<RulesSchema>(planned, async (config) => {
    const { text } = await readRules(config, context.workdir);
    await requireWritable(dirname(resolve(context.workdir, config.file)));
    const isChecked = await checkWithPromtool(text, config.promtool, context);
    await new RuleServer(config, context).verify();
    return isChecked === undefined ? [noPromtool] : [];
  });

async function requireWritable(folder: string): Promise<void> {
  try {
    await access(folder, constants.W_OK);
  } catch (error) {
    throw new StepError('PROMETHEUS_RULES_FOLDER_NOT_WRITABLE', `The folder ${folder} does not exist, or this user may not write to it.`, {
      hint: 'Choose a file in a folder that `rule_files` of the server matches.',
      cause: error,
    });
  }
}

const noPromtool: Finding = {
  level: 'warning',
  code: 'PROMETHEUS_NO_PROMTOOL',
  message: 'promtool is not installed, so the rules are only checked when the server loads them.',
  hint: 'Install promtool, or set `promtool` to its path.',
};

export async function preview(config: PlannedConfig<RulesSchema>): Promise<Preview> {
  const rollback = 'restores the previous content of the file, or deletes it';
  if (isFullyKnown<RulesSchema>(config)) return { change: `write alert rules to ${config.file}, and load them`, rollback };
  return { change: 'write alert rules, and load them', rollback, unknownUntilRun: unknownUntilRun(config) };
}

/**
 * Writes the file and waits until the rules are loaded. When a server refuses them, the previous file is restored at once: the server could
 * not start with this one.
 */
export async function run(config: RulesConfig, context: RunContext<RulesState>): Promise<RulesOutputs> {
  const { text, groups } = await readRules(config, context.workdir);
  const isChecked = await checkWithPromtool(text, config.promtool, context);
  if (isChecked === undefined) context.log('promtool is not installed: only the server checks the rules');
  const path = resolve(context.workdir, config.file);
  // A second attempt must not take the rules of the first for the previous ones.
  const current = await readRuleFile(path);
  if (context.saved && isOfOthers(current, context.saved)) throw changedByOthers(path);
  const state = { written: text, previous: context.saved ? context.saved.previous : current };
  await context.saveState(state);
  try {
    await changeRules(path, text, config, context);
  } catch (error) {
    const restoreFailed = (reason: unknown): void => context.log(`could not restore the previous rules: ${String(reason)}`);
    if (!context.signal.aborted) await restoreUnlessChanged(path, state, config, context).catch(restoreFailed);
    throw error;
  }
  const count = groups.reduce((sum, { rules = [] }) => sum + rules.length, 0);
  context.log(`the server has loaded ${count} rules of ${path}`);
  return { file: path, groups: groups.map(({ name }) => name), rules: count };
}

/**
 * Restores the previous content of the file, or deletes a new file, and waits until the server has noticed. Rules that somebody else wrote
 * since are kept, unless a person has decided otherwise.
 * @throws {StepError} `PROMETHEUS_RULES_CHANGED`, `PROMETHEUS_RULES_NOT_LOADED`
 */
export async function rollback(config: RulesConfig, context: AutomaticRollbackContext<RulesState, RulesOutputs>): Promise<void> {
  const { saved, workdir, overwrite } = context;
  if (!saved) return; // Nothing was written.
  const path = resolve(workdir, config.file);
  await (overwrite ? restore(path, saved, config, context) : restoreUnlessChanged(path, saved, config, context));
}

/** Removes the rules at the end of the run, unless they are kept, or are not those of this run any more. */
export async function teardown(config: RulesConfig, context: RollbackContext<RulesState, RulesOutputs>): Promise<void> {
  const { saved, workdir } = context;
  if (config.keep === true || !saved) return;
  const path = resolve(workdir, config.file);
  if (isOfOthers(await readRuleFile(path), saved)) context.log(`${path} stays: somebody else changed it during this run`);
  else await restore(path, saved, config, context);
}

/** @throws {StepError} `PROMETHEUS_RULES_CHANGED`, and as `restoreRules` */
async function restoreUnlessChanged(path: string, state: RulesState, config: RulesConfig, context: ReadContext): Promise<void> {
  if (isOfOthers(await readRuleFile(path), state)) throw changedByOthers(path);
  await restore(path, state, config, context);
}

/** Also when the file has its previous content already: the server may not have noticed yet. */
async function restore(path: string, { previous }: RulesState, config: RulesConfig, context: ReadContext): Promise<void> {
  await restoreRules(path, previous, config, context);
  context.log(previous === null ? `deleted the rules in ${path}` : `restored the rules in ${path}`);
}

const readRuleFile = async (path: string): Promise<string | null> => (await readIfThere(path, 'utf8')) ?? null;

const isOfOthers = (current: string | null, { written, previous }: RulesState): boolean => current !== written && current !== previous;

const changedByOthers = (path: string) =>
  new StepError('PROMETHEUS_RULES_CHANGED', `Somebody else changed ${path} during this run.`, {
    hint: 'Find out who else writes there. The rules that this run found there are in the saved state of the step.',
    changedByOthers: true,
  });
