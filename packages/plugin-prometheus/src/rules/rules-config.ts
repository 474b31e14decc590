import { quantity, Type, type Static } from 'relpipe/plugin';
import { connection } from '../http/connection.ts';

const texts = (description: string) => Type.Optional(Type.Record(Type.String(), Type.String(), { description }));
const duration = (description: string) => Type.Optional(Type.String({ pattern: '^([0-9]+(ms|[smhdwy]))+$', description }));

/** As in a rule file (https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/); durations as Prometheus writes them. */
const rule = Type.Object(
  {
    alert: Type.Optional(Type.String({ minLength: 1, description: 'Name of an alert' })),
    record: Type.Optional(Type.String({ minLength: 1, description: 'Name of a series that is recorded' })),
    expr: Type.String({ minLength: 1, description: 'PromQL' }),
    for: duration('How long it has to be so before the alert fires, e.g. 5m'),
    keep_firing_for: duration('How long the alert goes on firing, e.g. 5m'),
    labels: texts('Added to the alert or the series'),
    annotations: texts('What the alert says'),
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

export const reloads = ['http', 'signal', 'none'] as const;

/** `with` of `prometheus.rules`. */
export const rulesConfig = Type.Object(
  {
    server: Type.String({ minLength: 1, description: 'Base URL of the Prometheus server' }),
    file: Type.String({ pattern: '\\.(yml|yaml|rules)$', description: 'Where the rules are written; `rule_files` of the server has to find it' }),
    groups: Type.Optional(Type.Array(group, { minItems: 1, description: 'The rules, as under `groups:` of a rule file' })),
    from: Type.Optional(Type.String({ minLength: 1, description: 'A rule file instead, from the folder of the pipeline file' })),
    reload: Type.Optional(
      Type.Unsafe<(typeof reloads)[number]>({ enum: reloads, description: 'How the server hears of it: POST /-/reload (default), SIGHUP, or by itself' }),
    ),
    'pid-file': Type.Optional(Type.String({ minLength: 1, description: 'For `reload: signal`: holds the process id of the server' })),
    promtool: Type.Optional(Type.String({ minLength: 1, description: 'The program; default: promtool, where it is installed' })),
    within: Type.Optional(quantity('duration', 'How long the server may take to load them; default 1m')),
    keep: Type.Optional(Type.Boolean({ description: 'They stay when the run ends; default: they go with it' })),
    ...connection,
  },
  {
    additionalProperties: false,
    oneOf: [{ required: ['groups'] }, { required: ['from'] }],
    dependentRequired: { 'pid-file': ['reload'] },
  },
);
export type RulesConfig = Static<typeof rulesConfig>;

/** Saved before the file is written. */
export const rulesChange = Type.Object({
  written: Type.String({ description: 'What this step writes into the file' }),
  former: Type.Union([Type.String(), Type.Null()], { description: 'What was in it before; null for a new file' }),
});
export type RulesChange = Static<typeof rulesChange>;

export const loadedRules = Type.Object({
  file: Type.String({ description: 'Path of the rule file' }),
  groups: Type.Array(Type.String(), { description: 'Names of the groups that are loaded' }),
  rules: Type.Integer({ description: 'How many rules they have' }),
});
export type LoadedRules = Static<typeof loadedRules>;
