import type { Finding, Measurement, MetricUse } from 'relpipe/plugin';

/** What the gate will say about each sample, as far as a single one shows it before the run. */
export const trialFindings = (measurements: readonly Measurement[], use: MetricUse): readonly Finding[] => [
  ...severalSeries(measurements, use),
  ...notRatios(measurements, use),
  ...partialAnswers(measurements, use),
];

function severalSeries(measurements: readonly Measurement[], { reduce }: MetricUse): readonly Finding[] {
  const present = measurements.filter(({ value }) => value !== null);
  if (present.length < 2 || reduce !== undefined) return [];
  const names = present.slice(0, 5).map(({ series }, i) => series ?? `series ${i + 1}`);
  return [
    {
      level: 'error',
      code: 'PROMETHEUS_SEVERAL_SERIES',
      message: `There are ${present.length} series now, and a gate compares one value: ${names.join(', ')}${present.length > 5 ? ', …' : ''}.`,
      hint: 'Narrow it to one series, e.g. with sum(…), or set `reduce` of the metric: sum, avg, min or max.',
    },
  ];
}

/** The judge accepts this much more, for quotients of sums of floating-point numbers. */
const tolerance = 1e-9;

function notRatios(measurements: readonly Measurement[], { unit, reduce }: MetricUse): readonly Finding[] {
  if (unit !== 'ratio' || reduce === 'sum') return [];
  const wrong = measurements.find(({ value }) => value !== null && (value < -tolerance || value > 1 + tolerance));
  if (wrong === undefined) return [];
  return [
    {
      level: 'error',
      code: 'PROMETHEUS_NOT_A_RATIO',
      message: `The value is ${wrong.value} now, and a ratio is between 0 and 1.`,
      hint: 'Write `unit: percent` for a query that returns percent, or remove its `* 100`.',
    },
  ];
}

function partialAnswers(measurements: readonly Measurement[], { partial }: MetricUse): readonly Finding[] {
  const missing = [...new Set(measurements.flatMap((one) => one.partial ?? []))];
  if (missing.length === 0 || partial === 'accept') return [];
  return [
    {
      level: 'warning',
      code: 'PROMETHEUS_ANSWER_PARTIAL',
      message: `The server returns a part of the answer only: ${missing.join(', ')}. Such a sample is inconclusive.`,
      hint: 'Repair what is missing, or set `partial: accept` of the metric.',
    },
  ];
}
