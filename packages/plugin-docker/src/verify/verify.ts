import { defineStep, plannedText, unknownUntilRun } from 'relpipe/plugin';
import { verified, verifyConfig } from './verify-config.ts';

/** `docker.verify`: reads an image from its registry as its users will. */
export const verify = defineStep({
  summary: 'Checks that an image can be pulled, for which platforms, with which digest and labels',
  with: verifyConfig,
  outputs: verified,
  rollback: 'nothing',
  onLost: 'retry',
  verify: async (config, context) => (await import('./check-verify.ts')).checkVerify(config, context),
  preview: async (config) => ({ change: `check ${plannedText(config.image)}; nothing changes`, unknownUntilRun: unknownUntilRun(config) }),
  run: async (config, context) => (await import('./run-verify.ts')).runVerify(config, context),
});
