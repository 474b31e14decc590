import {
  StepError,
  type Finding,
  type MeasureContext,
  type Measurement,
  type MetricUse,
  type PlannedConfig,
  type ReadContext,
  type SampleRequest,
} from 'relpipe/plugin';
import { parseNumber } from '../exposition/exposition.ts';
import { trialFindings } from '../trial-findings.ts';
import { verifyKnown } from '../verify-known.ts';
import { evenRuns, momentsOf, resolveQuery, type EvenRun, type Moment } from './moments.ts';
import { queryServer, type Series, seriesIn } from './query-server.ts';
import type { QueryConfig, QuerySchema } from './query.ts';

/** The gate's own window is not known yet; this one is long enough for common scrape intervals. */
const trialWindowMs = 5 * 60_000;

/** Sends the query once, and judges its result. A query without any series may have a misspelt metric, or select a service that does not run yet. */
export const verify = (planned: PlannedConfig<QuerySchema>, context: ReadContext, use: MetricUse): Promise<readonly Finding[]> =>
  verifyKnown<QuerySchema>(planned, async (config) => {
    if (use.unit === 'ratio' && timesHundred.test(config.query)) return [isPercent];
    const query = resolveQuery(config.query, config.window ?? trialWindowMs);
    const moment = { at: context.clock.now(), query, isTooEarly: false };
    const measurements = await measureRun(config, { moments: [moment], stepMs: 0 }, context);
    return [...(measurements.every(({ value }) => value === null) ? [noSeries] : []), ...trialFindings(measurements, use)];
  });

const timesHundred = /^\s*100\s*\*|\*\s*100\s*$/;

const isPercent: Finding = {
  level: 'error',
  code: 'PROMETHEUS_NOT_A_RATIO',
  at: ['query'],
  message: 'The query multiplies by 100, and a ratio is between 0 and 1.',
  hint: 'Write `unit: percent`, or remove `* 100` from the query.',
};

const noSeries: Finding = {
  level: 'warning',
  code: 'PROMETHEUS_NO_SERIES',
  at: ['query'],
  message: 'The server has no series for this query now.',
  hint: 'Check the metric name and the labels; until such series exist, the metric has no data.',
};

/** Sends one range query where the times are evenly spaced, otherwise as few as possible; measurements are in the order of time. */
export async function measure(config: QueryConfig, request: SampleRequest, context: MeasureContext): Promise<readonly Measurement[]> {
  const moments = momentsOf(config.query, config.window, request);
  const measurements = moments.filter(({ isTooEarly }) => isTooEarly).map(tooEarly);
  for (const run of evenRuns(moments.filter(({ isTooEarly }) => !isTooEarly))) {
    measurements.push(...(await measureRun(config, run, context)));
  }
  return measurements.sort((a, b) => a.at - b.at);
}

const tooEarly = ({ at, query }: Moment): Measurement => ({
  at,
  query,
  value: null,
  raw: null,
  warnings: ['The weight has only just changed: the window is still empty.'],
});

/** @throws {StepError} */
async function measureRun(config: QueryConfig, run: EvenRun, context: ReadContext): Promise<readonly Measurement[]> {
  const response = await queryServer(config, run, context);
  if (run.moments.length === 1 && response.data.resultType === 'matrix') throw rangeVector();
  const series = seriesIn(response);
  const { warnings: missing = [], infos = [] } = response;
  const notes = { warnings: [...missing, ...infos], ...(missing.length > 0 && { partial: missing.join(', ') }) };
  return run.moments.flatMap((moment) => valuesAt(moment, series).map((value) => ({ ...value, ...notes })));
}

/** A series without a value at that time is stale or does not exist yet; when none has one, there is no data. */
function valuesAt({ at, query }: Moment, all: readonly Series[]): Omit<Measurement, 'warnings' | 'partial'>[] {
  const present = all.flatMap(({ labels, values }) => {
    const text = values.get(at);
    return text === undefined ? [] : [{ labels, text, value: parseNumber(text) ?? Number.NaN }];
  });
  if (present.length === 0) return [{ at, query, value: null, raw: null }];
  return present.map(({ labels, text, value }) => ({
    at,
    query,
    value,
    ...(all.length > 1 && { series: labels }),
    raw: { series: labels, value: text },
  }));
}

const rangeVector = () =>
  new StepError('PROMETHEUS_RESULT_TYPE_UNSUPPORTED', 'The query returns a range of values.', {
    hint: 'Apply a function to it, e.g. rate(…[$window]).',
  });
