import { StepError, type SampleRequest, type MeasureContext, type Measurement, type ReadContext } from 'relpipe/plugin';
import { parseNumber } from '../exposition/parse-number.ts';
import { evenRuns, type EvenRun } from './even-runs.ts';
import { momentsOf, type Moment } from './moments.ts';
import type { QueryConfig } from './query-config.ts';
import { queryServer } from './query-server.ts';
import { seriesOf, type Series } from './series-of.ts';

/** One range query where the times are evenly spaced, else as few as it takes; measurements in the order of time. */
export async function measureQuery(
  config: QueryConfig,
  look: SampleRequest,
  context: MeasureContext,
): Promise<readonly Measurement[]> {
  const moments = momentsOf(config.query, config.window, look);
  const measurements = moments.filter(({ isTooEarly }) => isTooEarly).map(tooEarly);
  for (const run of evenRuns(moments.filter(({ isTooEarly }) => !isTooEarly))) {
    measurements.push(...(await measureRun(config, run, context)));
  }
  return measurements.sort((a, b) => a.at - b.at);
}

/** @throws {StepError} */
export async function measureRun(
  config: QueryConfig,
  run: EvenRun,
  context: ReadContext,
): Promise<readonly Measurement[]> {
  const reply = await queryServer(config, run, context);
  if (run.moments.length === 1 && reply.data.resultType === 'matrix') throw rangeVector();
  const series = seriesOf(reply);
  const warnings = [...(reply.warnings ?? []), ...(reply.infos ?? [])];
  return run.moments.flatMap((moment) => valuesAt(moment, series).map((value) => ({ ...value, warnings })));
}

const tooEarly = ({ at, query }: Moment): Measurement => ({
  at,
  query,
  value: null,
  raw: null,
  warnings: ['The weight has only just changed: the window is still empty.'],
});

/** A series without a value then is stale or not there yet; when none has one, there is no data. */
function valuesAt({ at, query }: Moment, all: readonly Series[]): Omit<Measurement, 'warnings'>[] {
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
  new StepError('PROMETHEUS_ANSWER_UNUSABLE', 'The query answers with a range of values.', {
    hint: 'Put a function around it, e.g. rate(…[$window]).',
  });
