import { defineStep, quantity, Type, type Static } from 'relpipe/plugin';
import type { JoinedConfig } from '../weights/side-setting.ts';
import { shiftConfig } from './shift.ts';

const { router, stable, candidate } = shiftConfig.properties;

/** `with` of `traffic.verify`. */
const verifyConfig = Type.Object(
  { router, stable, candidate, weight: quantity('percent', 'Share the candidate must have; stable must have the rest') },
  { additionalProperties: false },
);
export type VerifyConfig = JoinedConfig<Static<typeof verifyConfig>>;

export const verifyOutputs = Type.Object({ weight: quantity('percent', 'Share of the candidate now') });
export type VerifyOutputs = Static<typeof verifyOutputs>;

/** `traffic.verify`: only reads. */
export const verify = defineStep({
  summary: 'Reads the weights back, and fails when somebody else has changed them',
  with: verifyConfig,
  outputs: verifyOutputs,
  verify: async ({ router, stable, candidate }, context) =>
    (await import('./check-sides.ts')).checkSides(router, [stable, candidate], context),
  rollback: 'nothing',
  onLost: 'retry',
  run: async (config, context) => {
    const [{ runVerify }, { joinSides }] = await Promise.all([import('./verify.impl.ts'), import('../weights/join-sides.ts')]);
    return runVerify(joinSides(config), context);
  },
});
