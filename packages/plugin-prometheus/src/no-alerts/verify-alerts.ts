import { findingFrom, isFullyKnown, type Finding, type PlannedConfig, type ReadContext } from 'relpipe/plugin';
import { parseMatchers } from '../matchers/parse-matchers.ts';
import { notSettled } from '../not-settled.ts';
import { alertRules } from './alert-rules.ts';
import { noAlertsConfig } from './no-alerts-config.ts';
import { whyBlind } from './why-blind.ts';

/** Asks for the rules once. That none is meant is a warning: the release may be about to write it. */
export async function verifyAlerts(
  config: PlannedConfig<typeof noAlertsConfig>,
  context: ReadContext,
): Promise<readonly Finding[]> {
  if (!isFullyKnown<typeof noAlertsConfig>(config)) return [notSettled];
  try {
    const matchers = parseMatchers(config.matchers ?? []);
    const blind = whyBlind(await alertRules(config.server, config, context), matchers);
    return blind === undefined ? [] : [{ ...noRules, message: blind }];
  } catch (error) {
    return [findingFrom(error)];
  }
}

const noRules = {
  level: 'warning',
  code: 'PROMETHEUS_NO_RULES',
  at: ['matchers'],
  hint: 'Check the matchers and /rules of the server; until then the metric has no data while nothing fires.',
} as const;
