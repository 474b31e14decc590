import { Gauge, Registry } from 'prom-client';
import { metricTable } from './metric-table.ts';
import type { Release } from './release.ts';

/** The metrics of one run in the text format. A metric without a value is left out. */
export function printRelease(release: Release): Promise<string> {
  const registry = new Registry();
  const { pipeline, run } = release;
  for (const { name, help, labels, values } of metricTable) {
    const found = values(release);
    if (found.length === 0) continue;
    const gauge = new Gauge({ name, help, labelNames: ['pipeline', 'run', ...labels], registers: [registry] });
    for (const [own, value] of found) gauge.set({ pipeline, run, ...own }, value);
  }
  return registry.metrics();
}
