import { defineMetric, Type, type Static } from 'relpipe/plugin';
import { connection, matchersField } from '../shared-fields.ts';

const noAlertsConfig = Type.Object(
  {
    server: Type.String({ minLength: 1, description: 'Base URL of the Prometheus server whose rules create the alerts' }),
    matchers: Type.Optional(matchersField('Which alerts; all matchers must match; default: all alerts')),
    ...connection,
  },
  { additionalProperties: false },
);
export type NoAlertsConfig = Static<typeof noAlertsConfig>;
export type NoAlertsSchema = typeof noAlertsConfig;

// Loaded when first called: reading a pipeline file needs none of it.
const impl = () => import('./no-alerts.impl.ts');

/** `prometheus.no-alerts`: how many alerts fire. Zero counts only where a rule is loaded and evaluated that could have created one. */
export const noAlerts = defineMetric({
  summary: 'Number of firing alerts',
  with: noAlertsConfig,
  unit: 'count',
  answersForThePast: true,
  countsSamples: false,
  verify: async (config, context) => (await impl()).verify(config, context),
  measure: async (config, request, context) => (await impl()).measure(config, request, context),
});
