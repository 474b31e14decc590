import { defineStep } from 'relpipe/plugin';
import { publishConfig, publishOutputs, publishState } from './publish-config.ts';

/** `pypi.publish`: uploads a release, file by file, after looking at what is there already. */
export const publish = defineStep({
  summary: 'Uploads the files of a version to a package index, each once',
  with: publishConfig,
  outputs: publishOutputs,
  state: publishState,
  rollback: 'impossible',
  onLost: 'probe',
  // Loaded when it is used: reading a pipeline file needs none of it.
  verify: async (config, context) => (await import('./verify-publish.ts')).verifyPublish(config, context),
  preview: async (config, context) => (await import('./preview-publish.ts')).previewPublish(config, context),
  run: async (config, context) => (await import('./run-publish.ts')).runPublish(config, context),
  probe: async (config, context) => (await import('./probe-publish.ts')).probePublish(config, context),
});
