import { Gauge, Registry } from 'prom-client';
import type { Finding, PlannedConfig, ReadContext, ReportedEvent } from 'relpipe/plugin';
import { pushedGroups } from '../push/pushgateway.ts';
import { verifyKnown } from '../verify-known.ts';
import { openMetricStore } from './metric-store.ts';
import { metricTable } from './metric-table.ts';
import type { ReleaseMetricsConfig, ReleaseMetricsSchema } from './release-metrics.ts';
import { type RunSummary, summariseRun } from './run-summary.ts';

/** Sends one request to the Pushgateway. That it does not respond is a warning: the run does not depend on it. */
export const verify = (planned: PlannedConfig<ReleaseMetricsSchema>, context: ReadContext): Promise<readonly Finding[]> =>
  verifyKnown<ReleaseMetricsSchema>(planned, async (config) => {
    openMetricStore(config, 'any', context);
    if (config.pushgateway !== undefined) await pushedGroups(config.pushgateway, config, context);
    return [];
  });

const defaultKeep = 20;

/** Writes the metrics of the run in place of those it had before, and removes the oldest runs of the same pipeline. */
export async function update(config: ReleaseMetricsConfig, events: readonly ReportedEvent[], context: ReadContext): Promise<void> {
  const summary = summariseRun(events);
  if (!summary) return; // The run has not started.
  const store = openMetricStore(config, summary.pipeline, context);
  await store.put(summary.run, await printMetrics(summary));
  // The id of a run starts with the time at which it started.
  const others = (await store.runs()).filter((run) => run !== summary.run).toSorted().toReversed();
  for (const run of others.slice((config.keep ?? defaultKeep) - 1)) await store.remove(run);
}

/** The metrics of one run in the text format. A metric without a value is left out. */
export function printMetrics(summary: RunSummary): Promise<string> {
  const registry = new Registry();
  const { pipeline, run } = summary;
  for (const { name, help, labels, values } of metricTable) {
    const found = values(summary);
    if (found.length === 0) continue;
    const gauge = new Gauge({ name, help, labelNames: ['pipeline', 'run', ...labels], registers: [registry] });
    for (const [own, value] of found) gauge.set({ pipeline, run, ...own }, value);
  }
  return registry.metrics();
}
