import { StepError } from 'relpipe/plugin';
import type { Family } from '../exposition/print-exposition.ts';
import { seriesKey } from '../exposition/series-key.ts';
import type { PushConfig, PushedMetric } from './push-config.ts';

/**
 * The metrics of a configuration by their names.
 * @throws {StepError} `PROMETHEUS_METRICS_CLASH`
 */
export function familiesIn({ metrics, job, grouping = {} }: PushConfig): readonly Family[] {
  const ofGroup = job === undefined ? [] : ['job', ...Object.keys(grouping)];
  const byName = Map.groupBy(metrics, ({ name }) => name);
  return [...byName].map(([name, all]) => familyOf(name, all, ofGroup));
}

function familyOf(name: string, metrics: readonly PushedMetric[], ofGroup: readonly string[]): Family {
  const [types, helps] = [valuesOf(metrics, ({ type = 'gauge' }) => type), valuesOf(metrics, ({ help }) => help)];
  if (types.length > 1) throw clash(`${name} has several types.`, 'Give all its values the same type.');
  if (helps.length > 1) throw clash(`${name} has several helps.`, 'One of its values is enough to say it.');
  const samples = metrics.map(({ labels = {}, value }) => {
    const taken = Object.keys(labels).find((label) => ofGroup.includes(label));
    if (taken !== undefined) throw clash(`${name} has a label \`${taken}\`, and so has its group.`, 'The group gives its labels to all its metrics; drop one of the two.');
    return { name, labels, value: String(value) };
  });
  const keys = new Set(samples.map(({ labels }) => seriesKey(new Map(Object.entries(labels)))));
  if (keys.size < samples.length) throw clash(`${name} has two values with the same labels.`, 'Keep one of them, or tell them apart by a label.');
  return { name, type: types[0] ?? 'gauge', ...(helps[0] !== undefined && { help: helps[0] }), samples };
}

const valuesOf = (metrics: readonly PushedMetric[], of: (metric: PushedMetric) => string | undefined): string[] =>
  [...new Set(metrics.flatMap((metric) => of(metric) ?? []))];

const clash = (message: string, hint: string) => new StepError('PROMETHEUS_METRICS_CLASH', message, { hint });
