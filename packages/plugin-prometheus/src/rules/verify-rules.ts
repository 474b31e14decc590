import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { findingFrom, isFullyKnown, StepError, type Finding, type PlannedConfig, type ReadContext } from 'relpipe/plugin';
import { notSettled } from '../not-settled.ts';
import { checkWithPromtool } from './check-with-promtool.ts';
import { readRules } from './read-rules.ts';
import { RuleServer } from './rule-server.ts';
import { rulesConfig } from './rules-config.ts';

/** Checks the rules, the place for them and the server. */
export async function verifyRules(config: PlannedConfig<typeof rulesConfig>, context: ReadContext): Promise<readonly Finding[]> {
  if (!isFullyKnown<typeof rulesConfig>(config)) return [notSettled];
  try {
    const { text } = await readRules(config, context.workdir);
    await insistOnFolder(dirname(resolve(context.workdir, config.file)));
    const isChecked = await checkWithPromtool(text, config.promtool, context);
    await new RuleServer(config, context).verify();
    return isChecked === undefined ? [notChecked] : [];
  } catch (error) {
    return [findingFrom(error)];
  }
}

async function insistOnFolder(folder: string): Promise<void> {
  try {
    await access(folder, constants.W_OK);
  } catch (error) {
    throw new StepError('PROMETHEUS_RULES_FOLDER', `${folder} is not there, or may not be written to.`, {
      hint: 'Name a file in the folder that `rule_files` of the server looks into.',
      cause: error,
    });
  }
}

const notChecked: Finding = {
  level: 'warning',
  code: 'PROMETHEUS_NO_PROMTOOL',
  message: 'promtool is not there, so the rules are only checked when the server loads them.',
  hint: 'Install it, or name it with `promtool`.',
};
