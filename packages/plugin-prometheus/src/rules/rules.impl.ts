import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import {
  isFullyKnown,
  StepError,
  unknownUntilRun,
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
  const previous = context.saved ? context.saved.previous : ((await readIfThere(path, 'utf8')) ?? null);
  await context.saveState({ written: text, previous });
  try {
    await changeRules(path, text, config, context);
  } catch (error) {
    const restoreFailed = (reason: unknown): void => context.log(`could not restore the previous rules: ${String(reason)}`);
    if (!context.signal.aborted) await restoreRules(path, previous, config, context).catch(restoreFailed);
    throw error;
  }
  const count = groups.reduce((sum, { rules = [] }) => sum + rules.length, 0);
  context.log(`the server has loaded ${count} rules of ${path}`);
  return { file: path, groups: groups.map(({ name }) => name), rules: count };
}

/**
 * Restores the previous content of the file, or deletes a new file, and waits until the server has noticed. Rules that somebody else wrote
 * since are kept.
 * @throws {StepError} `PROMETHEUS_RULES_CHANGED`, `PROMETHEUS_RULES_NOT_LOADED`
 */
export async function rollback(config: RulesConfig, context: RollbackContext<RulesState, RulesOutputs>): Promise<void> {
  const { saved, workdir } = context;
  if (!saved) return; // Nothing was written.
  const path = resolve(workdir, config.file);
  const current = (await readIfThere(path, 'utf8')) ?? null;
  if (current !== saved.written && current !== saved.previous) throw changedSince(path);
  // Also when the file has its previous content already: the server may not have noticed yet.
  await restoreRules(path, saved.previous, config, context);
  context.log(saved.previous === null ? `deleted the rules in ${path}` : `restored the rules in ${path}`);
}

/** Removes the rules at the end of the run, unless they are kept. */
export async function teardown(config: RulesConfig, context: RollbackContext<RulesState, RulesOutputs>): Promise<void> {
  if (config.keep !== true) await rollback(config, context);
}

const changedSince = (path: string) =>
  new StepError('PROMETHEUS_RULES_CHANGED', `Somebody changed ${path} after this run wrote it.`, {
    hint: 'Find out who else writes there. The rules that this run found there are in the saved state of the step.',
  });
