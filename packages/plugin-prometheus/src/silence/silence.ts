import { defineStep, quantity, Type, type Static } from 'relpipe/plugin';
import { connection, matchersField } from '../shared-fields.ts';

const second = 1000;

const silenceConfig = Type.Object(
  {
    alertmanager: Type.String({ minLength: 1, description: 'Base URL of the Alertmanager, e.g. http://alertmanager:9093' }),
    matchers: matchersField('Which alerts; all matchers must match, e.g. alertname="ApiDown"'),
    for: quantity('duration', 'How long the silence lasts at most, counted from its start', { minimum: second }),
    author: Type.String({ minLength: 1, description: 'The person or team responsible, as Alertmanager shows it' }),
    reason: Type.String({ minLength: 1, description: 'The reason, as Alertmanager shows it' }),
    keep: Type.Optional(Type.Boolean({ description: 'Keep the silence until its own end; default: it ends with the run' })),
    ...connection,
  },
  { additionalProperties: false },
);
export type SilenceConfig = Static<typeof silenceConfig>;
export type SilenceSchema = typeof silenceConfig;

/** Saved before the silence is created: it is found by its mark when the response with its id is lost. */
const silenceState = Type.Object({
  mark: Type.String({ description: 'Is in the comment of this silence and of no other' }),
});
export type SilenceState = Static<typeof silenceState>;

const silenceOutputs = Type.Object({
  id: Type.String({ description: 'The id of the silence, for `amtool silence expire`' }),
  until: Type.String({ description: 'When the silence ends by itself, ISO 8601' }),
});
export type SilenceOutputs = Static<typeof silenceOutputs>;

// Loaded when first called: reading a pipeline file needs none of it.
const impl = () => import('./silence.impl.ts');

/** `prometheus.silence`: nobody is notified of some alerts for a while. The alerts fire all the same. */
export const silence = defineStep({
  summary: 'Silences alerts in Alertmanager, with author, reason and end',
  with: silenceConfig,
  outputs: silenceOutputs,
  state: silenceState,
  onLost: 'probe',
  verify: async (config, context) => (await impl()).verify(config, context),
  preview: async (config) => (await impl()).preview(config),
  probe: async (config, context) => (await impl()).probe(config, context),
  run: async (config, context) => (await impl()).run(config, context),
  rollback: { run: async (config, context) => (await impl()).rollback(config, context) },
  teardown: { scope: 'run', run: async (config, context) => (await impl()).teardown(config, context) },
});
