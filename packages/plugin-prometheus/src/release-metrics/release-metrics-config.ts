import { type Static, Type } from 'relpipe/plugin';
import { connection } from '../http/connection.ts';

/** `with` of `prometheus.release-metrics`. */
export const releaseMetricsConfig = Type.Object(
  {
    pushgateway: Type.Optional(Type.String({ description: 'Base URL of the Pushgateway, e.g. http://pushgateway:9091' })),
    job: Type.Optional(Type.String({ minLength: 1, description: 'Label `job` of its groups there; default relpipe' })),
    folder: Type.Optional(Type.String({ minLength: 1, description: "The folder of node_exporter's textfile collector" })),
    keep: Type.Optional(
      Type.Integer({ minimum: 1, description: 'How many runs of a pipeline are kept there, the newest; default 20' }),
    ),
    ...connection,
  },
  {
    additionalProperties: false,
    oneOf: [{ required: ['pushgateway'] }, { required: ['folder'] }],
    dependentRequired: { job: ['pushgateway'] },
  },
);
export type ReleaseMetricsConfig = Static<typeof releaseMetricsConfig>;
