import { defineStep, Type, type Static } from 'relpipe/plugin';
import { connection } from '../shared-fields.ts';

const labels = (description: string) =>
  Type.Record(Type.String({ pattern: '^[a-zA-Z_][a-zA-Z0-9_]*$' }), Type.String(), { description });

const metric = Type.Object(
  {
    name: Type.String({ pattern: '^[a-zA-Z_:][a-zA-Z0-9_:]*$', description: 'E.g. shop_release_info' }),
    value: Type.Number({ description: 'A number' }),
    labels: Type.Optional(labels('Labels of this value, e.g. { version: 1.2.0 }')),
    help: Type.Optional(Type.String({ description: 'What the metric means, for people' })),
    type: Type.Optional(Type.Unsafe<'gauge' | 'counter'>({ enum: ['gauge', 'counter'], description: 'Default: gauge' })),
  },
  { additionalProperties: false },
);
export type PushedMetric = Static<typeof metric>;

const pushConfig = Type.Object(
  {
    pushgateway: Type.Optional(Type.String({ description: 'Base URL of the Pushgateway, e.g. http://pushgateway:9091' })),
    textfile: Type.Optional(
      Type.String({ pattern: '\\.prom$', description: "A .prom file in the folder of node_exporter's textfile collector" }),
    ),
    ...connection,
    job: Type.Optional(Type.String({ minLength: 1, description: 'Label `job` of the group in the Pushgateway' })),
    grouping: Type.Optional(labels('Further labels of the group, e.g. { service: shop }')),
    metrics: Type.Array(metric, { minItems: 1, description: 'All metrics of the group or the file; any others in it are replaced' }),
  },
  {
    additionalProperties: false,
    oneOf: [{ required: ['pushgateway'] }, { required: ['textfile'] }],
    dependentRequired: { pushgateway: ['job'], job: ['pushgateway'], grouping: ['pushgateway'] },
  },
);
export type PushConfig = Static<typeof pushConfig>;
export type PushSchema = typeof pushConfig;

/** Saved before the push: enough to restore the previous metrics, and to tell this run's metrics from others. */
const pushState = Type.Object({
  pushed: Type.String({ description: 'The metrics that this step writes, as text' }),
  previous: Type.Union([Type.String(), Type.Null()], { description: 'The metrics before this step; null if there were none' }),
});
export type PushState = Static<typeof pushState>;

const pushOutputs = Type.Object({
  place: Type.String({ description: 'URL of the group, or path of the file' }),
  replaced: Type.Boolean({ description: 'Whether there were metrics before' }),
});
export type PushOutputs = Static<typeof pushOutputs>;

// Loaded when first called: reading a pipeline file needs none of it.
const impl = () => import('./push.impl.ts');

/** `prometheus.push`: offers metrics of a release to Prometheus, by a Pushgateway or by node_exporter's textfile collector. */
export const push = defineStep({
  summary: 'Writes metrics to a Pushgateway or a textfile',
  with: pushConfig,
  outputs: pushOutputs,
  state: pushState,
  // Writing the same metrics again changes nothing.
  onLost: 'retry',
  verify: async (config, context) => (await impl()).verify(config, context),
  preview: async (config, context) => (await impl()).preview(config, context),
  run: async (config, context) => (await impl()).run(config, context),
  rollback: { run: async (config, context) => (await impl()).rollback(config, context) },
});
