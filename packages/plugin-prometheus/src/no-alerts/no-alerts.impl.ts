import type { Finding, MeasureContext, Measurement, PlannedConfig, ReadContext, SampleRequest } from 'relpipe/plugin';
import { measure as measureQuery } from '../query/query.impl.ts';
import { parseMatchers, printMatcher, type Matcher } from '../selector/matcher.ts';
import { verifyKnown } from '../verify-known.ts';
import { alertRules, unwatchedReason } from './alert-rules.ts';
import type { NoAlertsConfig, NoAlertsSchema } from './no-alerts.ts';

/** Reads the rules once. That no rule creates these alerts is a warning: the release may be about to write it. */
export const verify = (planned: PlannedConfig<NoAlertsSchema>, context: ReadContext): Promise<readonly Finding[]> =>
  verifyKnown<NoAlertsSchema>(planned, async (config) => {
    const matchers = parseMatchers(config.matchers ?? []);
    const reason = unwatchedReason(await alertRules(config.server, config, context), matchers);
    return reason === undefined ? [] : [{ ...noRules, message: reason }];
  });

const noRules = {
  level: 'warning',
  code: 'PROMETHEUS_NO_RULES',
  at: ['matchers'],
  hint: 'Check the matchers and /rules of the server; until then the metric has no data while nothing fires.',
} as const;

/** One number for each time: the alerts that fired then. Without an alert, 0 only where a rule was watching. */
export async function measure(
  { matchers: texts = [], ...server }: NoAlertsConfig,
  request: SampleRequest,
  context: MeasureContext,
): Promise<readonly Measurement[]> {
  const matchers = parseMatchers(texts);
  const query = firingAlerts(matchers);
  const unwatched = unwatchedReason(await alertRules(server.server, server, context), matchers);
  const measured = await measureQuery({ ...server, query }, request, context);
  return request.at.map((at) => totalAt(at, query, measured.filter((one) => one.at === at), unwatched));
}

/** The alerts by name, and beside them a 0 for each time at which the server scraped anything. */
const firingAlerts = (matchers: readonly Matcher[]): string =>
  `count by (alertname) (ALERTS{${['alertstate="firing"', ...matchers.map(printMatcher)].join(',')}}) or 0 * count(up)`;

function totalAt(at: number, query: string, found: readonly Measurement[], unwatched: string | undefined): Measurement {
  const alerts = found.filter(({ value }) => value !== null && value > 0);
  const raw = alerts.map((one) => one.raw);
  const warnings = [...new Set(found.flatMap((one) => one.warnings))];
  const missing = [...new Set(found.flatMap(({ partial }) => partial ?? []))];
  const partial = missing.length > 0 && { partial: missing.join(', ') };
  const sum = alerts.reduce((total, { value }) => total + (value ?? 0), 0);
  if (sum > 0) return { at, query, value: sum, raw, warnings, ...partial };
  const noData = found.every(({ value }) => value === null) ? nothingScraped : unwatched;
  if (noData === undefined) return { at, query, value: 0, raw, warnings, ...partial };
  return { at, query, value: null, raw, warnings: [...warnings, noData], ...partial };
}

const nothingScraped = 'The server scraped nothing at that time, so it may not have evaluated any rule either.';
