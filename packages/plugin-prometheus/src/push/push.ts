import { defineStep } from 'relpipe/plugin';
import { change, pushConfig, pushed } from './push-config.ts';

/** `prometheus.push`: gives Prometheus metrics of a release, by a Pushgateway or by node_exporter's textfile collector. */
export const push = defineStep({
  summary: 'Puts metrics into a Pushgateway or a textfile',
  with: pushConfig,
  outputs: pushed,
  state: change,
  // The same metrics once more are the same metrics.
  onLost: 'retry',
  // Loaded when it is used: reading a pipeline file needs none of it.
  verify: async (config, context) => (await import('./verify-push.ts')).verifyPush(config, context),
  preview: async (config, context) => (await import('./preview-push.ts')).previewPush(config, context),
  run: async (config, context) => (await import('./run-push.ts')).runPush(config, context),
  rollback: { run: async (config, context) => (await import('./rollback-push.ts')).rollbackPush(config, context) },
});
