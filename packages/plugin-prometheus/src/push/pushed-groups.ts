import { Type, type Static } from 'relpipe/plugin';
import { Value } from 'typebox/value';
import type { Family } from '../exposition/print-exposition.ts';

const labels = Type.Record(Type.String(), Type.String());
const pushedMetric = Type.Object({
  labels: Type.Optional(labels),
  value: Type.Optional(Type.String()),
  count: Type.Optional(Type.String()),
  sum: Type.Optional(Type.String()),
  buckets: Type.Optional(labels),
  quantiles: Type.Optional(labels),
});
type PushedValue = Static<typeof pushedMetric>;
const pushedFamily = Type.Object({ type: Type.String(), help: Type.Optional(Type.String()), metrics: Type.Array(pushedMetric) });
const pushedGroup = Type.Record(Type.String(), Type.Unknown());
export type PushedGroup = Static<typeof pushedGroup>;

/** The response of `/api/v1/metrics` (https://github.com/prometheus/pushgateway#query-api): `labels` of a group, and its families by name. */
export const groupsResponse = Type.Object({ data: Type.Array(pushedGroup) });

export const labelsOf = (group: PushedGroup): Readonly<Record<string, string>> =>
  Value.Check(labels, group['labels']) ? group['labels'] : {};

/** Without the labels of the group, and without the metrics that the Pushgateway adds. */
export function pushedFamilies(group: PushedGroup): readonly Family[] {
  const groupLabels = Object.keys(labelsOf(group));
  return Object.entries(group).flatMap(([name, family]) => {
    if (added.has(name) || !Value.Check(pushedFamily, family)) return [];
    const { type, help, metrics } = family;
    const samples = metrics.flatMap((metric) => samplesOf(name, metric, groupLabels));
    return [{ name, type: type.toLowerCase(), ...(help !== undefined && { help }), samples }];
  });
}

const added = new Set(['labels', 'last_push_successful', 'push_time_seconds', 'push_failure_time_seconds']);

function samplesOf(name: string, metric: PushedValue, groupLabels: readonly string[]): Family['samples'] {
  const own = Object.fromEntries(Object.entries(metric.labels ?? {}).filter(([label]) => !groupLabels.includes(label)));
  if (metric.value !== undefined) return [{ name, labels: own, value: metric.value }];
  return [
    ...Object.entries(metric.quantiles ?? {}).map(([quantile, value]) => ({ name, labels: { ...own, quantile }, value })),
    ...Object.entries(metric.buckets ?? {}).map(([le, value]) => ({ name: `${name}_bucket`, labels: { ...own, le }, value })),
    { name: `${name}_sum`, labels: own, value: metric.sum ?? '0' },
    { name: `${name}_count`, labels: own, value: metric.count ?? '0' },
  ];
}
