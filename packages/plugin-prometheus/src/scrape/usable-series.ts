import { StepError } from 'relpipe/plugin';
import { parseNumber, type Exposition } from '../exposition/exposition.ts';
import { selectorsOf, type Expression } from './expression.ts';

/**
 * Refuses series that are there, but not of a type that the expression can use.
 * @throws {StepError} `PROMETHEUS_NOT_A_COUNTER`, `PROMETHEUS_NOT_A_HISTOGRAM`
 */
export function requireUsable(expression: Expression, exposition: Exposition): void {
  if (expression.kind === 'value') return;
  requireCounters(expression, exposition);
  if (expression.kind === 'quantile') requireBuckets(expression.histogram, exposition);
}

/** The increase of a gauge means nothing: each decrease would look like a restart. */
function requireCounters(expression: Expression, exposition: Exposition): void {
  const gauge = selectorsOf(expression).find(({ name }) => exposition.kinds.get(name) === 'gauge');
  if (!gauge) return;
  throw new StepError('PROMETHEUS_NOT_A_COUNTER', `${gauge.name} is a gauge, and only counters have a ${expression.kind}.`, {
    hint: `Use \`value: ${gauge.name}\`, or name a counter.`,
  });
}

/** A histogram whose series do not exist yet is not refused: nothing was observed so far. */
function requireBuckets(histogram: string, { families, samples }: Exposition): void {
  const type = families.get(histogram) ?? 'histogram';
  if (type !== 'histogram' && type !== 'gaugehistogram' && type !== 'untyped' && type !== 'unknown') throw notAHistogram(histogram, `is a ${type}`);
  const buckets = samples.filter(({ name }) => name === `${histogram}_bucket`);
  const isCounted = samples.some(({ name }) => name === `${histogram}_count` || name === `${histogram}_sum`);
  if (buckets.length === 0 && isCounted) throw notAHistogram(histogram, 'has only its sum and count, like a native histogram in the text format');
  if (buckets.length > 0 && buckets.every(({ labels }) => parseNumber(labels.get('le') ?? '') === Infinity)) throw onlyInfinity(histogram);
}

const onlyInfinity = (histogram: string) => notAHistogram(histogram, 'has only its +Inf bucket, like a native histogram in the text format');

export const notAHistogram = (histogram: string, why: string) =>
  new StepError('PROMETHEUS_NOT_A_HISTOGRAM', `${histogram} ${why}, so it has no quantiles.`, {
    hint: 'Expose it as a classic histogram with buckets, or use `prometheus.query` with a Prometheus server.',
  });
