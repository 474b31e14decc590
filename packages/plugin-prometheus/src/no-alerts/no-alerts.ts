import { defineMetric } from 'relpipe/plugin';
import { noAlertsConfig } from './no-alerts-config.ts';

/** `prometheus.no-alerts`: how many alerts fire. None counts only where rules are loaded and evaluated that could have made one. */
export const noAlerts = defineMetric({
  summary: 'Number of alerts that fire',
  with: noAlertsConfig,
  unit: 'count',
  answersForThePast: true,
  // Loaded when it is used: reading a pipeline file needs none of it.
  verify: async (config, context) => (await import('./verify-alerts.ts')).verifyAlerts(config, context),
  measure: async (config, look, context) => (await import('./measure-alerts.ts')).measureAlerts(config, look, context),
});
