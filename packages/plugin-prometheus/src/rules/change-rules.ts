import { rm } from 'node:fs/promises';
import { StepError, type ReadContext } from 'relpipe/plugin';
import { replaceFile } from 'relpipe/plugin/toolkit';
import { parseRules, type RuleGroup } from './rule-file.ts';
import { RuleServer, type Runtime } from './rule-server.ts';
import type { RulesConfig } from './rules.ts';

const defaultWithinMs = 60_000;
const pollIntervalMs = 250;

/**
 * Writes the rule file, or deletes it for `null`, and waits until the server has loaded exactly these rules.
 * @throws {StepError} `PROMETHEUS_RELOAD_REFUSED`, `PROMETHEUS_RULES_NOT_LOADED`
 */
export async function changeRules(path: string, text: string | null, config: RulesConfig, context: ReadContext): Promise<void> {
  const server = new RuleServer(config, context);
  const groups = text === null ? [] : parseRules(text, path).groups;
  const before = { ...(await server.runtime()), hasLoaded: await server.hasLoaded(groups) };
  await writeOrDelete(path, text);
  await waitUntilLoaded(server, groups, before, config, context);
}

/**
 * `changeRules` for the previous content. The file is restored even when the server does not respond: it must not come back with other
 * rules.
 * @throws {StepError} as `changeRules`
 */
export async function restoreRules(path: string, text: string | null, config: RulesConfig, context: ReadContext): Promise<void> {
  try {
    await changeRules(path, text, config, context);
  } catch (error) {
    await writeOrDelete(path, text);
    throw error;
  }
}

const writeOrDelete = (path: string, text: string | null): Promise<void> =>
  text === null ? rm(path, { force: true }) : replaceFile(path, text);

interface Before extends Runtime {
  readonly hasLoaded: boolean;
}

/** Asks the server to reload until it has read its files again. */
async function waitUntilLoaded(
  server: RuleServer,
  groups: readonly RuleGroup[],
  before: Before,
  { within = defaultWithinMs, file }: RulesConfig,
  { clock }: ReadContext,
): Promise<void> {
  const deadline = clock.now() + within;
  let hasReloaded = false;
  for (;;) {
    hasReloaded ||= await server.reload();
    const [current, hasLoaded] = [await server.runtime(), await server.hasLoaded(groups)];
    // The time of the last reload has whole seconds, in which much can happen; rules that were not loaded before prove a reload as well.
    hasReloaded ||= current.lastConfigTime !== before.lastConfigTime || (hasLoaded && !before.hasLoaded);
    if (hasReloaded && current.reloadConfigSuccess && hasLoaded) return;
    if (clock.now() >= deadline) throw notLoaded(file, groups, current, hasReloaded);
    await clock.sleep(pollIntervalMs);
  }
}

function notLoaded(file: string, groups: readonly RuleGroup[], { reloadConfigSuccess }: Runtime, hasReloaded: boolean): StepError {
  const what = groups.length === 0 ? `The rules of ${file} are still loaded` : `The rules of ${file} are not loaded`;
  const [why, hint] = reasonFor(reloadConfigSuccess, hasReloaded);
  return new StepError('PROMETHEUS_RULES_NOT_LOADED', `${what}: ${why}.`, { hint });
}

function reasonFor(couldReload: boolean, hasReloaded: boolean): readonly [why: string, hint: string] {
  if (!couldReload) return ['the server could not read its configuration', 'Check the log of the server.'];
  if (!hasReloaded) return ['the server has not read its files again', 'Set `reload` to the way in which this server reloads.'];
  return [
    'the server has read its files again, but not this one',
    '`rule_files` in its configuration must match this file, under the path that the server sees.',
  ];
}
