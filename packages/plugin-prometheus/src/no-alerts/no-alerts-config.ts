import { type Static, Type } from 'relpipe/plugin';
import { connection } from '../http/connection.ts';
import { matchersConfig } from '../matchers/matchers-config.ts';

/** `with` of `prometheus.no-alerts`. */
export const noAlertsConfig = Type.Object(
  {
    server: Type.String({ minLength: 1, description: 'Base URL of the Prometheus server whose rules make the alerts' }),
    matchers: Type.Optional(matchersConfig('Which alerts; all matchers have to hold; default: all alerts')),
    ...connection,
  },
  { additionalProperties: false },
);
export type NoAlertsConfig = Static<typeof noAlertsConfig>;
