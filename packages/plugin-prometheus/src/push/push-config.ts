import { type Static, Type } from 'relpipe/plugin';
import { connection } from '../http/connection.ts';

const labels = (description: string) =>
  Type.Record(Type.String({ pattern: '^[a-zA-Z_][a-zA-Z0-9_]*$' }), Type.String(), { description });

const metric = Type.Object(
  {
    name: Type.String({ pattern: '^[a-zA-Z_:][a-zA-Z0-9_:]*$', description: 'E.g. shop_release_info' }),
    value: Type.Number({ description: 'A number' }),
    labels: Type.Optional(labels('Labels of this value, e.g. { version: 1.2.0 }')),
    help: Type.Optional(Type.String({ description: 'What it means, for people' })),
    type: Type.Optional(Type.Unsafe<'gauge' | 'counter'>({ enum: ['gauge', 'counter'], description: 'Default: gauge' })),
  },
  { additionalProperties: false },
);
export type PushedMetric = Static<typeof metric>;

/** Where metrics are put: a group of a Pushgateway, or a file for node_exporter. */
const place = {
  pushgateway: Type.Optional(Type.String({ description: 'Base URL of the Pushgateway, e.g. http://pushgateway:9091' })),
  textfile: Type.Optional(Type.String({ pattern: '\\.prom$', description: "A .prom file in the folder of node_exporter's textfile collector" })),
  ...connection,
};

/** `with` of `prometheus.push`. */
export const pushConfig = Type.Object(
  {
    ...place,
    job: Type.Optional(Type.String({ minLength: 1, description: 'Label `job` of the group in the Pushgateway' })),
    grouping: Type.Optional(labels('Further labels of the group, e.g. { service: shop }')),
    metrics: Type.Array(metric, { minItems: 1, description: 'All metrics of the group or the file; what else was there is replaced' }),
  },
  {
    additionalProperties: false,
    oneOf: [{ required: ['pushgateway'] }, { required: ['textfile'] }],
    dependentRequired: { pushgateway: ['job'], job: ['pushgateway'], grouping: ['pushgateway'] },
  },
);
export type PushConfig = Static<typeof pushConfig>;

/** Saved before the push: enough to put back what was there, and to tell this run's metrics from others. */
export const change = Type.Object({
  pushed: Type.String({ description: 'What this step puts there, as text' }),
  former: Type.Union([Type.String(), Type.Null()], { description: 'What was there before; null for nothing' }),
});
export type Change = Static<typeof change>;

export const pushed = Type.Object({
  place: Type.String({ description: 'URL of the group, or path of the file' }),
  replaced: Type.Boolean({ description: 'Whether there was something before' }),
});
export type Pushed = Static<typeof pushed>;
