import { defineChannel, Type, type Static } from 'relpipe/plugin';
import { connection } from '../shared-fields.ts';

const releaseMetricsConfig = Type.Object(
  {
    pushgateway: Type.Optional(Type.String({ description: 'Base URL of the Pushgateway, e.g. http://pushgateway:9091' })),
    job: Type.Optional(Type.String({ minLength: 1, description: 'Label `job` of the groups in the Pushgateway; default relpipe' })),
    folder: Type.Optional(Type.String({ minLength: 1, description: "The folder of node_exporter's textfile collector" })),
    keep: Type.Optional(
      Type.Integer({ minimum: 1, description: 'How many runs of a pipeline are kept there, the newest ones; default 20' }),
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
export type ReleaseMetricsSchema = typeof releaseMetricsConfig;

// Loaded when first called: reading a pipeline file needs none of it.
const impl = () => import('./release-metrics.impl.ts');

/** `prometheus.release-metrics`: the runs of a pipeline as metrics. Each run is one group or file, which is replaced while it runs. */
export const releaseMetrics = defineChannel({
  summary: 'Exports metrics of the runs of a pipeline to Prometheus',
  with: releaseMetricsConfig,
  verify: async (config, context) => (await impl()).verify(config, context),
  update: async (config, events, context) => (await impl()).update(config, events, context),
});
