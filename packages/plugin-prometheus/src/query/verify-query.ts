import { findingFrom, isFullyKnown, type Finding, type PlannedConfig, type ReadContext } from 'relpipe/plugin';
import { notSettled } from '../not-settled.ts';
import { measureRun } from './measure-query.ts';
import { queryConfig } from './query-config.ts';
import { resolveQuery } from './resolve-query.ts';

/** The gate's own window is not known yet; this one is long enough for common scrape intervals. */
const trialWindowMs = 5 * 60_000;

/** Asks the query once. No series at all may be a misspelt metric, or a service that does not run yet. */
export async function verifyQuery(
  config: PlannedConfig<typeof queryConfig>,
  context: ReadContext,
): Promise<readonly Finding[]> {
  if (!isFullyKnown<typeof queryConfig>(config)) return [notSettled];
  try {
    const query = resolveQuery(config.query, config.window ?? trialWindowMs);
    const moment = { at: context.clock.now(), query, isTooEarly: false };
    const measurements = await measureRun(config, { moments: [moment], stepMs: 0 }, context);
    return measurements.every(({ value }) => value === null) ? [nothingFound] : [];
  } catch (error) {
    return [findingFrom(error)];
  }
}

const nothingFound: Finding = {
  level: 'warning',
  code: 'PROMETHEUS_NO_SERIES',
  at: ['query'],
  message: 'The server knows no series for this query now.',
  hint: 'Check the metric name and the labels; until they are there, the metric has no data.',
};
