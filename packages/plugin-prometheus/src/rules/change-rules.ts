import { rm } from 'node:fs/promises';
import { StepError, type ReadContext } from 'relpipe/plugin';
import { replaceFile } from '../file/replace-file.ts';
import { parseRules, type RuleGroup } from './read-rules.ts';
import { RuleServer, type Runtime } from './rule-server.ts';
import type { RulesConfig } from './rules-config.ts';

const usualWithinMs = 60_000;
const lookEveryMs = 250;

/**
 * Makes a text, or nothing, the content of the rule file, and waits until the server has loaded just that.
 * @throws {StepError} `PROMETHEUS_RELOAD_REFUSED`, `PROMETHEUS_RULES_NOT_LOADED`
 */
export async function changeRules(path: string, text: string | null, config: RulesConfig, context: ReadContext): Promise<void> {
  const server = new RuleServer(config, context);
  const groups = text === null ? [] : parseRules(text, path).groups;
  const before = { ...(await server.runtime()), hasThem: await server.has(groups) };
  await write(path, text);
  await untilLoaded(server, groups, before, config, context);
}

/**
 * The same for what was there before: a server that cannot be asked is not to come back with other rules, so the file is put back all the same.
 * @throws {StepError} as `changeRules`
 */
export async function putFormerRules(path: string, text: string | null, config: RulesConfig, context: ReadContext): Promise<void> {
  try {
    await changeRules(path, text, config, context);
  } catch (error) {
    await write(path, text);
    throw error;
  }
}

const write = (path: string, text: string | null): Promise<void> => (text === null ? rm(path, { force: true }) : replaceFile(path, text));

interface Before extends Runtime {
  readonly hasThem: boolean;
}

/** Tells the server until it has read its files again. */
async function untilLoaded(
  server: RuleServer,
  groups: readonly RuleGroup[],
  before: Before,
  { within = usualWithinMs, file }: RulesConfig,
  { clock }: ReadContext,
): Promise<void> {
  const until = clock.now() + within;
  let hasRead = false;
  for (;;) {
    hasRead ||= await server.reload();
    const [now, hasThem] = [await server.runtime(), await server.has(groups)];
    // The time has whole seconds, in which much can happen; what was not there before says it as well.
    hasRead ||= now.lastConfigTime !== before.lastConfigTime || (hasThem && !before.hasThem);
    if (hasRead && now.reloadConfigSuccess && hasThem) return;
    if (clock.now() >= until) throw notLoaded(file, groups, now, hasRead);
    await clock.sleep(lookEveryMs);
  }
}

function notLoaded(file: string, groups: readonly RuleGroup[], { reloadConfigSuccess }: Runtime, hasRead: boolean): StepError {
  const what = groups.length === 0 ? `The rules of ${file} are still there` : `The rules of ${file} are not there`;
  if (!reloadConfigSuccess) return new StepError('PROMETHEUS_RULES_NOT_LOADED', `${what}: the server could not read its configuration.`, { hint: 'Its log says why.' });
  if (!hasRead) return new StepError('PROMETHEUS_RULES_NOT_LOADED', `${what}: the server has not read its files again.`, { hint: 'Say how it is told with `reload`.' });
  return new StepError('PROMETHEUS_RULES_NOT_LOADED', `${what}, although the server has read its files again.`, {
    hint: '`rule_files` in its configuration has to find this file, under the path the server sees it.',
  });
}
