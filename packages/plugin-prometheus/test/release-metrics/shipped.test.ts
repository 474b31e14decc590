import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { metricTable } from '../../src/release-metrics/metric-table.ts';

const read = (file: string): string => readFileSync(join(import.meta.dirname, '../..', file), 'utf8');
const names = metricTable.map(({ name }) => name);
const namesIn = (text: string): string[] => [...new Set(text.match(/\brelpipe_[a-z_]+/g))].toSorted();

test.each(['dashboards/relpipe.json', 'rules/relpipe.yml'])('%s uses only metrics that exist', (file) => {
  expect(namesIn(read(file)).filter((name) => !names.includes(name))).toEqual([]);
  expect(namesIn(read(file)).length).toBeGreaterThan(1);
});

test('the dashboard shows every metric except the time at which a run was last seen', () => {
  expect(names.filter((name) => !namesIn(read('dashboards/relpipe.json')).includes(name))).toEqual(['relpipe_run_seen_timestamp_seconds']);
});

test('every panel of the dashboard has its own id and position, and uses the selected data source', () => {
  const { panels } = JSON.parse(read('dashboards/relpipe.json')) as { panels: { id: number; gridPos: unknown; datasource: { uid: string } }[] };
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  expect(new Set(panels.map(({ gridPos }) => JSON.stringify(gridPos))).size).toBe(panels.length);
  expect(panels.filter(({ datasource }) => datasource.uid !== '${datasource}')).toEqual([]);
});
