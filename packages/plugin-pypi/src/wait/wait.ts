import { defineStep } from 'relpipe/plugin';
import { waitConfig, waitOutputs } from './wait-config.ts';

/** `pypi.wait`: waits until a version is visible on a package index, with the right bytes and not yanked. */
export const wait = defineStep({
  summary: 'Waits until a version is visible on a package index, with the expected files and hashes',
  with: waitConfig,
  outputs: waitOutputs,
  rollback: 'nothing',
  onLost: 'retry',
  // Loaded when it is used: reading a pipeline file needs none of it.
  verify: async (config, context) => (await import('./verify-wait.ts')).verifyWait(config, context),
  preview: async (config) => (await import('./preview-wait.ts')).previewWait(config),
  run: async (config, context) => (await import('./run-wait.ts')).runWait(config, context),
});
