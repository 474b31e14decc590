import type { Finding, MeasureContext, Measurement, MetricUse, PlannedConfig, ReadContext, SampleRequest } from 'relpipe/plugin';
import { findingFrom } from 'relpipe/plugin/toolkit';
import { trialFindings } from '../trial-findings.ts';
import { verifyKnown } from '../verify-known.ts';
import { evaluate } from './evaluate.ts';
import { printExpression, readExpression, selectorsOf, type Expression } from './expression.ts';
import { fetchExposition } from './fetch-exposition.ts';
import { scrapeTargets, targetsOf, type TargetWindow } from './scrape-targets.ts';
import type { ScrapeConfig, ScrapeSchema } from './scrape.ts';
import { matchSelector } from './selector-match.ts';
import { requireUsable } from './usable-series.ts';

/** Scrapes every target once. A target that does not respond is a warning: the release may be about to start it. */
export async function verify(planned: PlannedConfig<ScrapeSchema>, context: ReadContext, use: MetricUse): Promise<readonly Finding[]> {
  if (planned.value !== undefined && use.minSamples !== undefined) return [valueHasNoSamples];
  return verifyKnown<ScrapeSchema>(planned, async (config) => {
    const expression = readExpression(config);
    const targets = await Promise.all(targetsOf(config).map((target) => verifyTarget(target, config, expression, context)));
    const windows = targets.flatMap(({ window }) => window ?? []);
    // One scrape is enough for a current value; an increase needs two.
    const values = expression.kind === 'value' && windows.length > 0 ? evaluate(expression, windows) : [];
    const measurements = values.map((value) => ({ ...value, at: context.clock.now(), query: printExpression(expression) }));
    return [...targets.flatMap(({ findings }) => findings), ...trialFindings(measurements, use)];
  });
}

const valueHasNoSamples: Finding = {
  level: 'error',
  code: 'PROMETHEUS_SAMPLES_NOT_COUNTED',
  at: ['value'],
  message: '`value` reads a gauge, and does not know how many samples that rests on, so `min-samples` is never reached.',
  hint: 'Remove `min-samples`; `rate`, `ratio` and `quantile` count.',
};

interface CheckedTarget {
  readonly findings: readonly Finding[];
  readonly window?: TargetWindow;
}

async function verifyTarget(target: string, config: ScrapeConfig, expression: Expression, context: ReadContext): Promise<CheckedTarget> {
  try {
    const exposition = await fetchExposition(target, config, context);
    requireUsable(expression, exposition);
    const matches = selectorsOf(expression).map((selector) => matchSelector(selector, exposition));
    const findings = matches.flatMap(({ noMatchReason: reason }) => noMatch(target, reason));
    return { findings, ...(findings.length === 0 && { window: { target, scrapes: [{ at: context.clock.now(), matches }] } }) };
  } catch (error) {
    return { findings: [findingFrom(error)] };
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
