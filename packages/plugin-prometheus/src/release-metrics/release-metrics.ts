import { defineReporter } from 'relpipe/plugin';
import { releaseMetricsConfig } from './release-metrics-config.ts';

/** `prometheus.release-metrics`: how runs went, as metrics; one group or file a run, so that telling it again replaces it. */
export const releaseMetrics = defineReporter({
  summary: 'Gives Prometheus metrics of the runs of a pipeline',
  with: releaseMetricsConfig,
  // Loaded when it is used: reading a pipeline file needs none of it.
  verify: async (config, context) => (await import('./verify-release-metrics.ts')).verifyReleaseMetrics(config, context),
  report: async (config, events, context) => (await import('./report-release.ts')).reportRelease(config, events, context),
});
