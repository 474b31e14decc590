import type { SampleRequest, MeasureContext, Measurement } from 'relpipe/plugin';
import { parseMatchers } from '../matchers/parse-matchers.ts';
import { measureQuery } from '../query/measure-query.ts';
import { printMatcher } from '../selector/print-selector.ts';
import type { Matcher } from '../selector/selector.ts';
import { alertRules } from './alert-rules.ts';
import type { NoAlertsConfig } from './no-alerts-config.ts';
import { whyBlind } from './why-blind.ts';

/** One number for each time: the alerts that fired then. Without an alert, 0 only where somebody watched. */
export async function measureAlerts(
  { matchers: texts = [], ...server }: NoAlertsConfig,
  look: SampleRequest,
  context: MeasureContext,
): Promise<readonly Measurement[]> {
  const matchers = parseMatchers(texts);
  const query = firing(matchers);
  const blind = whyBlind(await alertRules(server.server, server, context), matchers);
  const counted = await measureQuery({ ...server, query }, look, context);
  return look.at.map((at) => total(at, query, counted.filter((one) => one.at === at), blind));
}

/** By name, and beside them a 0 for each time at which the server was there to scrape anything. */
const firing = (matchers: readonly Matcher[]): string =>
  `count by (alertname) (ALERTS{${['alertstate="firing"', ...matchers.map(printMatcher)].join(',')}}) or 0 * count(up)`;

function total(at: number, query: string, found: readonly Measurement[], blind: string | undefined): Measurement {
  const alerts = found.filter(({ value }) => value !== null && value > 0);
  const raw = alerts.map((one) => one.raw);
  const warnings = [...new Set(found.flatMap((one) => one.warnings))];
  const sum = alerts.reduce((total, { value }) => total + (value ?? 0), 0);
  if (sum > 0) return { at, query, value: sum, raw, warnings };
  if (found.every(({ value }) => value === null)) return { at, query, value: null, raw, warnings: [...warnings, notThere] };
  return { at, query, value: blind === undefined ? 0 : null, raw, warnings: blind === undefined ? warnings : [...warnings, blind] };
}

const notThere = 'The server has scraped nothing then, so it may not have evaluated any rule either.';
