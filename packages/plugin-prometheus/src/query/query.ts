import { defineMetric } from 'relpipe/plugin';
import { queryConfig } from './query-config.ts';

/** `prometheus.query`: asks a Prometheus server, or one that speaks its HTTP API, now or for the past. */
export const query = defineMetric({
  summary: 'The answer of a Prometheus server to a query',
  with: queryConfig,
  unit: 'from-config',
  answersForThePast: true,
  // Loaded when it is used: reading a pipeline file needs none of it.
  verify: async (config, context) => (await import('./verify-query.ts')).verifyQuery(config, context),
  measure: async (config, look, context) => (await import('./measure-query.ts')).measureQuery(config, look, context),
});
