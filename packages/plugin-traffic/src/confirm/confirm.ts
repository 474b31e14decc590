import { defineStep } from 'relpipe/plugin';
import { confirmConfig, confirmOutputs } from './confirm-config.ts';

/** `traffic.confirm`: only reads. */
export const confirm = defineStep({
  summary: 'Reads the weights back, and fails when somebody else has changed them',
  with: confirmConfig,
  outputs: confirmOutputs,
  rollback: 'nothing',
  onLost: 'retry',
  // Loaded when it is used: reading a pipeline file needs none of it.
  run: async (config, context) => (await import('./run-confirm.ts')).runConfirm(config, context),
});
