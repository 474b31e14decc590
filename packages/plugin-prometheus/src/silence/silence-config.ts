import { quantity, type Static, Type } from 'relpipe/plugin';
import { connection } from '../http/connection.ts';
import { matchersConfig } from '../matchers/matchers-config.ts';

const second = 1000;

/** `with` of `prometheus.silence`. */
export const silenceConfig = Type.Object(
  {
    alertmanager: Type.String({ minLength: 1, description: 'Base URL of the Alertmanager, e.g. http://alertmanager:9093' }),
    matchers: matchersConfig('Which alerts; all matchers have to hold, e.g. alertname="ApiDown"'),
    for: quantity('duration', 'When it ends by itself, counted from its begin', { minimum: second }),
    author: Type.String({ minLength: 1, description: 'Who answers for it, as Alertmanager shows it' }),
    reason: Type.String({ minLength: 1, description: 'Why, as Alertmanager shows it' }),
    keep: Type.Optional(Type.Boolean({ description: 'It goes on until its end when the run ends; default: it ends with the run' })),
    ...connection,
  },
  { additionalProperties: false },
);
export type SilenceConfig = Static<typeof silenceConfig>;

/** Saved before it is asked for: by its mark a silence is found whose id nobody has heard. */
export const silenceMark = Type.Object({
  mark: Type.String({ description: 'Stands in the comment of this silence and of no other' }),
});
export type SilenceMark = Static<typeof silenceMark>;

export const silenced = Type.Object({
  id: Type.String({ description: 'Of the silence, as `amtool silence expire` takes it' }),
  until: Type.String({ description: 'When it ends by itself, ISO 8601' }),
});
export type Silenced = Static<typeof silenced>;
