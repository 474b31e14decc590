import { Type, type Static } from 'typebox';
import { units } from '../../contract/metric-type.ts';
import { duration, expects, flag, mapOf, oneOf, strict, string } from './shape-parts.ts';

const limit = (description: string) =>
  Type.Unsafe<string | number>({
    type: ['string', 'number'],
    description,
    ...expects('a limit, e.g. 300ms, 1%, +10% or 0.1pp'),
  });

const thresholdShape = Type.Object(
  {
    min: Type.Optional(limit('Below it is a breach.')),
    max: Type.Optional(limit('Above it is a breach.')),
    warn: Type.Optional(limit('Not good enough to advance.')),
    critical: Type.Optional(limit('One measurement is enough to fail.')),
    for: Type.Optional(duration('How long a breach of min or max must last to fail. Default: the second breach in a row that shares no data with the first.')),
    violations: Type.Optional(
      Type.Object(
        {
          'more-than': Type.Integer(expects('a number of breaches, 0 or more', { minimum: 0 })),
          within: duration('The stretch of time in which they are counted.'),
        },
        { ...strict, ...expects('a mapping, e.g. { more-than: 3, within: 10m }') },
      ),
    ),
  },
  { ...strict, ...expects('a mapping with at least one limit, e.g. { max: 1%, for: 5m }') },
);

export const metricShape = Type.Object(
  {
    uses: Type.Optional(string('A metric type of a plugin.')),
    run: Type.Optional(string('A command that prints one number.')),
    with: Type.Optional(mapOf(Type.Unknown(), 'settings', 'What the metric type needs.')),
    baseline: Type.Optional(mapOf(Type.Unknown(), 'settings', 'The settings of the baseline that differ from `with`.')),
    unit: Type.Optional(
      oneOf(
        units.filter((unit) => unit !== 'yes-no'),
        'What the number means; required unless the metric type knows it.',
      ),
    ),
    threshold: Type.Optional(thresholdShape),
    'no-data': oneOf(['fail', 'pass', 'inconclusive'], 'What a sample without data means.'),
    partial: Type.Optional(
      oneOf(['inconclusive', 'accept'], 'What an answer means from which parts are missing, as its server says. Default: inconclusive.'),
    ),
    'min-samples': Type.Optional(
      Type.Integer(expects('a number of samples, 1 or more', { minimum: 1, description: 'Fewer are inconclusive.' })),
    ),
    reduce: Type.Optional(oneOf(['sum', 'avg', 'min', 'max'], 'Combines several series into one number.')),
    shadow: Type.Optional(flag('Recorded, but never decides.')),
  },
  { ...strict, ...expects('a mapping with uses (or run), threshold and no-data') },
);
export type MetricShape = Static<typeof metricShape>;

export const gateShape = Type.Object(
  {
    description: Type.Optional(string('For people.')),
    every: duration('How often it takes a sample.'),
    metrics: Type.Record(Type.String(), Type.Unknown(), expects('a mapping of names to metrics, at least one', { minProperties: 1 })),
  },
  { ...strict, ...expects('a mapping with every and metrics') },
);
