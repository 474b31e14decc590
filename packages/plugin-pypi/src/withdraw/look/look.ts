import { defineStep, Type } from 'relpipe/plugin';
import { releaseOnIndexFields } from '../release-on-index.ts';

export const lookConfig = Type.Object(
  { ...releaseOnIndexFields, reason: Type.String({ minLength: 1, description: 'Why; shown to whoever asks for this version' }) },
  { additionalProperties: false },
);

export const lookOutputs = Type.Object({
  'by-api': Type.Boolean({ description: 'The index has an API that removes it' }),
  'by-person': Type.Boolean({ description: 'A person has to do it' }),
  ask: Type.String({ description: 'What that person is asked to do; empty when nobody has to' }),
  page: Type.String({ description: 'Where' }),
});

/** `pypi.how-to-withdraw`: how a release can be withdrawn from its index, if it is still there. */
export const howToWithdraw = defineStep({
  summary: 'Finds out how a version can be withdrawn: by the API of the index, by a person, or not any more',
  with: lookConfig,
  outputs: lookOutputs,
  undo: 'nothing',
  onLost: 'retry',
  // Loaded when it is used: reading a pipeline file needs none of it.
  verify: async (config, context) => (await import('./verify-look.ts')).verifyLook(config, context),
  run: async (config, context) => (await import('./run-look.ts')).runLook(config, context),
});
