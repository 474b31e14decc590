import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import plugin from '../src/index.ts';
import { metricTable } from '../src/release-metrics/metric-table.ts';

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');

/** The rows of the table between two marks. */
const tableOf = (mark: string): string[] =>
  (readme.split(`<!-- ${mark} -->`)[1]?.split(`<!-- /${mark} -->`)[0] ?? '').split('\n').filter((line) => line.startsWith('| `'));

test('the first table of the README lists every type of the plugin, and no other', () => {
  const { metrics = {}, steps = {}, channels = {} } = plugin;
  const types = [...Object.keys(metrics), ...Object.keys(steps), ...Object.keys(channels)].map((name) => `prometheus.${name}`);
  expect(tableOf('steps').map((row) => /`([^`]+)`/.exec(row)?.[1]).toSorted()).toEqual(types.toSorted());
});

test('the table of release metrics in the README matches the metrics that are reported', () => {
  const rows = metricTable.map(({ name, labels, help }) => `| \`${name}\` | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help} |`);
  expect(tableOf('metrics')).toEqual(rows);
});
