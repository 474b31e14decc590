import { defineStep, quantity, Type, type Static } from 'relpipe/plugin';
import { sideSetting } from '../weights/side-setting.ts';
import { shiftConfig } from './shift.ts';

export const path = Type.String({
  pattern: '^/',
  description: 'Requested with GET; 2xx and 3xx are good. Default: a TCP connection that opens is good',
});

/** `with` of `traffic.ready`. */
const readyConfig = Type.Object(
  {
    router: shiftConfig.properties.router,
    sides: Type.Array(sideSetting('A side'), { minItems: 1 }),
    path: Type.Optional(path),
    'in-a-row': Type.Optional(Type.Integer({ minimum: 1, description: 'Consecutive good answers required of each side; default 1' })),
    within: Type.Optional(quantity('duration', 'How long it waits for them; default 30s', { minimum: 0 })),
  },
  { additionalProperties: false },
);
export type ReadyConfig = Static<typeof readyConfig>;

export const readyOutputs = Type.Object({ answers: Type.Integer({ description: 'Consecutive good answers of each side' }) });
export type ReadyOutputs = Static<typeof readyOutputs>;

/** `traffic.ready`: only sends requests. */
export const ready = defineStep({
  summary: 'Waits until sides answer requests that do not go through the router',
  with: readyConfig,
  outputs: readyOutputs,
  verify: async ({ router, sides }, context) => (await import('./check-sides.ts')).checkSides(router, sides, context),
  rollback: 'nothing',
  onLost: 'retry',
  run: async (config, context) => (await import('./ready.impl.ts')).runReady(config, context),
});
