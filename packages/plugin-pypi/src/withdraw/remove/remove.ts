import { defineStep } from 'relpipe/plugin';
import { removeConfig, removeOutputs } from './remove-config.ts';

/** `pypi.remove`: deletes a release through the API of its index. */
export const remove = defineStep({
  summary: 'Removes a version from an index that has an API for it: devpi, pypiserver',
  with: removeConfig,
  outputs: removeOutputs,
  rollback: 'impossible',
  onLost: 'probe',
  // Loaded when it is used: reading a pipeline file needs none of it.
  preview: async (config, context) => (await import('./preview-remove.ts')).previewRemove(config, context),
  run: async (config, context) => (await import('./run-remove.ts')).runRemove(config, context),
  probe: async (config, context) => (await import('./probe-remove.ts')).probeRemove(config, context),
});
