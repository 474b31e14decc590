import { quantity, shape, Type } from 'relpipe/plugin';
import { share, shiftConfig, shiftOutputs } from '../shift/shift-config.ts';

const { router, stable, candidate } = shiftConfig.properties;

const phase = Type.Object(
  {
    weight: share('Share of the candidate'),
    hold: quantity('duration', 'How long it stays; the gates of the step watch', { minimum: 1 }),
    approve: Type.Optional(Type.String({ minLength: 1, description: 'A question a person answers before the next phase' })),
  },
  { additionalProperties: false },
);

const rollback = Type.Object(
  {
    ramp: Type.Array(share('Share of the candidate; skipped where it has no more already'), { minItems: 1 }),
    hold: quantity('duration', 'How long each stage of the ramp stays', { minimum: 0 }),
  },
  { additionalProperties: false, description: 'A way back in stages, when there is time; default: back at once' },
);

/** `with` of `traffic.canary`. */
export const canaryConfig = Type.Object(
  {
    router,
    stable,
    candidate,
    phases: shape(Type.Array(phase, { minItems: 1, description: 'Each gives the candidate more than the one before' })),
    rollback: Type.Optional(shape(rollback)),
  },
  { additionalProperties: false },
);

export const canaryOutputs = Type.Object({ weight: shiftOutputs.properties.weight });
