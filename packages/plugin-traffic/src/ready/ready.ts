import { defineStep } from 'relpipe/plugin';
import { readyConfig, readyOutputs } from './ready-config.ts';

/** `traffic.ready`: only asks. */
export const ready = defineStep({
  summary: 'Waits until sides answer, asked past the router',
  with: readyConfig,
  outputs: readyOutputs,
  rollback: 'nothing',
  onLost: 'retry',
  // Loaded when it is used: reading a pipeline file needs none of it.
  run: async (config, context) => (await import('./run-ready.ts')).runReady(config, context),
});
