import { defineStep } from 'relpipe/plugin';
import { howToWithdrawConfig, howToWithdrawOutputs } from './how-to-withdraw-config.ts';

/** `pypi.how-to-withdraw`: how a release can be withdrawn from its index, if it is still there. */
export const howToWithdraw = defineStep({
  summary: 'Finds out how a version can be withdrawn: by the API of the index, by a person, or not any more',
  with: howToWithdrawConfig,
  outputs: howToWithdrawOutputs,
  rollback: 'nothing',
  onLost: 'retry',
  // Loaded when it is used: reading a pipeline file needs none of it.
  verify: async (config, context) => (await import('./verify-how-to-withdraw.ts')).verifyHowToWithdraw(config, context),
  run: async (config, context) => (await import('./run-how-to-withdraw.ts')).runHowToWithdraw(config, context),
});
