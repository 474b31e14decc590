import { StepError } from 'relpipe/plugin';
import { seriesKey } from '../exposition/exposition.ts';
import type { Family } from '../exposition/print-exposition.ts';
import type { PushConfig, PushedMetric } from './push.ts';

/**
 * The metrics of a configuration by their names.
 * @throws {StepError} `PROMETHEUS_METRICS_INCONSISTENT`
 */
export function familiesIn({ metrics, job, grouping = {} }: PushConfig): readonly Family[] {
  const groupLabels = job === undefined ? [] : ['job', ...Object.keys(grouping)];
  const byName = Map.groupBy(metrics, ({ name }) => name);
  return [...byName].map(([name, all]) => familyOf(name, all, groupLabels));
}

function familyOf(name: string, metrics: readonly PushedMetric[], groupLabels: readonly string[]): Family {
  const [types, helps] = [distinct(metrics, ({ type = 'gauge' }) => type), distinct(metrics, ({ help }) => help)];
  if (types.length > 1) throw inconsistent(`The metric ${name} has several types.`, 'Use the same `type` for all its values.');
  if (helps.length > 1) throw inconsistent(`The metric ${name} has several help texts.`, 'Set `help` for one of its values only.');
  const samples = metrics.map(({ labels = {}, value }) => {
    const taken = Object.keys(labels).find((label) => groupLabels.includes(label));
    if (taken !== undefined) throw labelTwice(name, taken);
    return { name, labels, value: String(value) };
  });
  const keys = new Set(samples.map(({ labels }) => seriesKey(new Map(Object.entries(labels)))));
  if (keys.size < samples.length) {
    throw inconsistent(`The metric ${name} has two values with the same labels.`, 'Remove one of them, or add a label that differs.');
  }
  return { name, type: types[0] ?? 'gauge', ...(helps[0] !== undefined && { help: helps[0] }), samples };
}

const distinct = (metrics: readonly PushedMetric[], of: (metric: PushedMetric) => string | undefined): string[] =>
  [...new Set(metrics.flatMap((metric) => of(metric) ?? []))];

const labelTwice = (name: string, label: string) =>
  inconsistent(`Both the metric ${name} and its group have a label \`${label}\`.`, 'Remove one of them: the group adds its labels to all its metrics.');

const inconsistent = (message: string, hint: string) => new StepError('PROMETHEUS_METRICS_INCONSISTENT', message, { hint });
