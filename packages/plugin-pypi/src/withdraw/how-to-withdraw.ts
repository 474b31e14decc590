import { defineStep, Type, type Static } from 'relpipe/plugin';
import { releaseOnIndexFields } from '../names/release-fields.ts';

export const howToWithdrawConfig = Type.Object(
  { ...releaseOnIndexFields, reason: Type.String({ minLength: 1, description: 'Reason that users of this version see' }) },
  { additionalProperties: false },
);
export type HowToWithdrawConfig = Static<typeof howToWithdrawConfig>;

export const howToWithdrawOutputs = Type.Object({
  'by-api': Type.Boolean({ description: 'The index has an API that deletes it' }),
  'by-person': Type.Boolean({ description: 'A person has to withdraw it' }),
  ask: Type.String({ description: 'Instructions for that person; empty when none is needed' }),
  page: Type.String({ description: 'Page where that person withdraws it; empty when none is needed' }),
});
export type HowToWithdrawOutputs = Static<typeof howToWithdrawOutputs>;

const impl = () => import('./how-to-withdraw.impl.ts');

/** `pypi.how-to-withdraw`: how a release can be withdrawn from its index, if it is still there. */
export const howToWithdraw = defineStep({
  summary: 'Finds out whether a version still has to be withdrawn, and how: by the API of the index, or by a person',
  with: howToWithdrawConfig,
  outputs: howToWithdrawOutputs,
  rollback: 'nothing',
  onLost: 'retry',
  // Loaded on first use: reading a pipeline file needs none of it.
  verify: async (config, context) => (await impl()).verifyHowToWithdraw(config, context),
  run: async (config, context) => (await impl()).runHowToWithdraw(config, context),
});
