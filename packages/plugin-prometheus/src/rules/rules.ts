import { defineStep, quantity, Type, type Static } from 'relpipe/plugin';
import { connection } from '../shared-fields.ts';

const strings = (description: string) => Type.Optional(Type.Record(Type.String(), Type.String(), { description }));
const duration = (description: string) => Type.Optional(Type.String({ pattern: '^([0-9]+(ms|[smhdwy]))+$', description }));

/** As in a rule file (https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/); durations as Prometheus writes them. */
const rule = Type.Object(
  {
    alert: Type.Optional(Type.String({ minLength: 1, description: 'Name of an alert' })),
    record: Type.Optional(Type.String({ minLength: 1, description: 'Name of a series to record' })),
    expr: Type.String({ minLength: 1, description: 'PromQL' }),
    for: duration('How long `expr` must return series before the alert fires, e.g. 5m'),
    keep_firing_for: duration('How long the alert keeps firing after that, e.g. 5m'),
    labels: strings('Added to the alert or the series'),
    annotations: strings('Texts of the alert'),
  },
  { additionalProperties: false, oneOf: [{ required: ['alert'] }, { required: ['record'] }] },
);

const group = Type.Object(
  {
    name: Type.String({ minLength: 1 }),
    interval: duration('How often it is evaluated, e.g. 15s'),
    limit: Type.Optional(Type.Integer({ minimum: 0 })),
    rules: Type.Array(rule, { minItems: 1 }),
  },
  { additionalProperties: false },
);

const reloads = ['http', 'signal', 'none'] as const;

const rulesConfig = Type.Object(
  {
    server: Type.String({ minLength: 1, description: 'Base URL of the Prometheus server' }),
    file: Type.String({ pattern: '\\.(yml|yaml|rules)$', description: 'The file to write; `rule_files` of the server must match it' }),
    groups: Type.Optional(Type.Array(group, { minItems: 1, description: 'The rules, as under `groups:` of a rule file' })),
    from: Type.Optional(Type.String({ minLength: 1, description: 'A rule file to copy instead, relative to the pipeline file' })),
    reload: Type.Optional(
      Type.Unsafe<(typeof reloads)[number]>({
        enum: reloads,
        description: 'How the server is made to reload: POST /-/reload (http, the default), SIGHUP (signal), or not at all (none)',
      }),
    ),
    'pid-file': Type.Optional(Type.String({ minLength: 1, description: 'For `reload: signal`: a file with the process id of the server' })),
    promtool: Type.Optional(Type.String({ minLength: 1, description: 'The program; default: promtool, if it is installed' })),
    within: Type.Optional(quantity('duration', 'How long the server may take to load the rules; default 1m')),
    keep: Type.Optional(Type.Boolean({ description: 'Keep the rules when the run ends; default: they are removed' })),
    ...connection,
  },
  {
    additionalProperties: false,
    oneOf: [{ required: ['groups'] }, { required: ['from'] }],
    dependentRequired: { 'pid-file': ['reload'] },
  },
);
export type RulesConfig = Static<typeof rulesConfig>;
export type RulesSchema = typeof rulesConfig;

/** Saved before the file is written. */
const rulesState = Type.Object({
  written: Type.String({ description: 'The content that this step writes' }),
  previous: Type.Union([Type.String(), Type.Null()], { description: 'The content before this step; null if the file did not exist' }),
});
export type RulesState = Static<typeof rulesState>;

const rulesOutputs = Type.Object({
  file: Type.String({ description: 'Path of the rule file' }),
  groups: Type.Array(Type.String(), { description: 'Names of the groups that are loaded' }),
  rules: Type.Integer({ description: 'How many rules the groups have' }),
});
export type RulesOutputs = Static<typeof rulesOutputs>;

// Loaded when first called: reading a pipeline file needs none of it.
const impl = () => import('./rules.impl.ts');

/** `prometheus.rules`: alert rules for the duration of a release, or for good. */
export const rules = defineStep({
  summary: 'Writes alert rules, and waits until the server has loaded them',
  with: rulesConfig,
  outputs: rulesOutputs,
  state: rulesState,
  // Writing the same file again changes nothing.
  onLost: 'retry',
  verify: async (config, context) => (await impl()).verify(config, context),
  preview: async (config) => (await impl()).preview(config),
  run: async (config, context) => (await impl()).run(config, context),
  rollback: { run: async (config, context) => (await impl()).rollback(config, context) },
  teardown: { scope: 'run', run: async (config, context) => (await impl()).teardown(config, context) },
});
