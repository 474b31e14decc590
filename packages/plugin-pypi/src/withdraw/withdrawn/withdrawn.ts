import { defineStep } from 'relpipe/plugin';
import { withdrawnConfig, withdrawnOutputs } from './withdrawn-config.ts';

/** `pypi.withdrawn`: waits until the index shows that a release was withdrawn. */
export const withdrawn = defineStep({
  summary: 'Waits until a version is gone from the index, or all of its files are yanked',
  with: withdrawnConfig,
  outputs: withdrawnOutputs,
  rollback: 'nothing',
  onLost: 'retry',
  // Loaded when it is used: reading a pipeline file needs none of it.
  run: async (config, context) => (await import('./run-withdrawn.ts')).runWithdrawn(config, context),
});
