import { defineStep } from 'relpipe/plugin';
import { buildConfig, buildOutputs } from './build-config.ts';

/** `pypi.build`: builds the files of a release and compares what they say of themselves with what was asked for. */
export const build = defineStep({
  summary: 'Builds wheel and sdist, and checks name, version and metadata',
  with: buildConfig,
  outputs: buildOutputs,
  rollback: 'nothing',
  onLost: 'retry',
  // Loaded when it is used: reading a pipeline file needs none of it.
  verify: async (config, context) => (await import('./verify-build.ts')).verifyBuild(config, context),
  preview: async (config) => (await import('./preview-build.ts')).previewBuild(config),
  run: async (config, context) => (await import('./run-build.ts')).runBuild(config, context),
});
