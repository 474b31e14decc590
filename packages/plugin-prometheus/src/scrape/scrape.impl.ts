import type { Finding, MeasureContext, Measurement, PlannedConfig, ReadContext, SampleRequest } from 'relpipe/plugin';
import { findingFrom } from 'relpipe/plugin/toolkit';
import { verifyKnown } from '../verify-known.ts';
import { evaluate } from './evaluate.ts';
import { printExpression, readExpression, selectorsOf, type Expression } from './expression.ts';
import { fetchExposition } from './fetch-exposition.ts';
import { scrapeTargets, targetsOf } from './scrape-targets.ts';
import type { ScrapeConfig, ScrapeSchema } from './scrape.ts';
import { matchSelector, requireCounters } from './selector-match.ts';

/** Scrapes every target once. A target that does not respond is a warning: the release may be about to start it. */
export const verify = (planned: PlannedConfig<ScrapeSchema>, context: ReadContext): Promise<readonly Finding[]> =>
  verifyKnown<ScrapeSchema>(planned, async (config) => {
    const expression = readExpression(config);
    const findings = targetsOf(config).map((target) => verifyTarget(target, config, expression, context));
    return (await Promise.all(findings)).flat();
  });

async function verifyTarget(
  target: string,
  config: ScrapeConfig,
  expression: Expression,
  context: ReadContext,
): Promise<readonly Finding[]> {
  try {
    const exposition = await fetchExposition(target, config, context);
    requireCounters(expression, exposition);
    return selectorsOf(expression).flatMap((selector) => noMatch(target, matchSelector(selector, exposition).noMatchReason));
  } catch (error) {
    return [findingFrom(error)];
  }
}

function noMatch(target: string, reason: string | undefined): readonly Finding[] {
  if (reason === undefined) return [];
  const hint = 'Check the spelling; until the target has such a series, the metric has no data.';
  return [{ level: 'warning', code: 'PROMETHEUS_SELECTOR_NO_MATCH', message: `${target} ${reason}.`, hint }];
}

/** Scrapes every target now and evaluates the scrapes of the window that are remembered. */
export async function measure(config: ScrapeConfig, request: SampleRequest, context: MeasureContext): Promise<readonly Measurement[]> {
  const expression = readExpression(config);
  const at = context.clock.now();
  const window = { from: request.window.from, length: config.window ?? Infinity };
  const windows = await scrapeTargets(config, expression, window, context);
  const query = `${printExpression(expression)} at ${windows.map(({ target }) => target).join(', ')}`;
  const scraped = windows.map(({ target, scrapes }) => ({ target, scrapes: scrapes.length, from: scrapes[0]?.at ?? at }));
  return evaluate(expression, windows).map(({ raw, ...result }) => ({ ...result, at, query, raw: { result: raw, scraped } }));
}
