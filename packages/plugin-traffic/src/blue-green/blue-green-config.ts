import { quantity, shape, Type } from 'relpipe/plugin';
import { path } from '../ready/ready-config.ts';
import { shiftConfig, shiftOutputs } from '../shift/shift-config.ts';
import { testersSetting } from '../testers/testers-config.ts';

const { router, stable, candidate } = shiftConfig.properties;

const test = Type.Object(
  { path, requests: Type.Integer({ minimum: 1, maximum: 10_000, description: 'So many, one after the other; each must be answered well' }) },
  { additionalProperties: false, description: 'Traffic for the candidate before the switch, past the router' },
);

/** `with` of `traffic.blue-green`. */
export const blueGreenConfig = Type.Object(
  {
    router,
    stable,
    candidate,
    path: Type.Optional(path),
    within: Type.Optional(quantity('duration', 'How long both sides have to answer, before anything else; default 30s', { minimum: 0 })),
    test: Type.Optional(shape(test)),
    testers: Type.Optional(testersSetting),
    preview: Type.Optional(quantity('duration', 'How long the candidate waits before the switch, while testers have it and the gates of the step watch', { minimum: 1 })),
    approve: Type.Optional(Type.String({ minLength: 1, description: 'A question a person answers before the switch' })),
    hold: quantity('duration', 'How long both sides stay up after the switch; the gates of the step watch', { minimum: 1 }),
  },
  { additionalProperties: false },
);

export const blueGreenOutputs = Type.Object({ weight: shiftOutputs.properties.weight });
