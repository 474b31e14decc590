import { quantity, Type, type Static } from 'relpipe/plugin';
import { shiftConfig } from '../shift/shift-config.ts';

/** A path that is asked with GET; 2xx and 3xx are good. */
export const path = Type.String({ pattern: '^/', description: 'Asked with GET; 2xx and 3xx are good. Default: a TCP connection that opens is' });

/** `with` of `traffic.ready`. */
export const readyConfig = Type.Object(
  {
    router: shiftConfig.properties.router,
    sides: Type.Array(Type.String({ minLength: 1, description: 'A side, as the router names it: its name, URL or host:port' }), { minItems: 1 }),
    path: Type.Optional(path),
    'in-a-row': Type.Optional(Type.Integer({ minimum: 1, description: 'So many good answers of each side, one after the other; default 1' })),
    within: Type.Optional(quantity('duration', 'How long it waits for them; default 30s', { minimum: 0 })),
  },
  { additionalProperties: false },
);
export type ReadyConfig = Static<typeof readyConfig>;

export const readyOutputs = Type.Object({ answers: Type.Integer({ description: 'Good answers in a row, of each side' }) });
export type ReadyOutputs = Static<typeof readyOutputs>;
