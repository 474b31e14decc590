import { defineStep } from 'relpipe/plugin';
import { installCheckConfig, installCheckOutputs, installCheckState } from './install-check-config.ts';

/** `pypi.install-check`: does what a user will do, in an environment that nobody has used before. */
export const installCheck = defineStep({
  summary: 'Installs a version into a clean environment, by hash, imports it and loads its console scripts',
  with: installCheckConfig,
  outputs: installCheckOutputs,
  state: installCheckState,
  rollback: 'nothing',
  onLost: 'retry',
  // Loaded when it is used: reading a pipeline file needs none of it.
  verify: async (config, context) => (await import('./verify-install-check.ts')).verifyInstallCheck(config, context),
  preview: async (config) => (await import('./preview-install-check.ts')).previewInstallCheck(config),
  // `run` removes it itself; this is for a run that was killed and is not resumed to its end.
  teardown: { scope: 'step', run: async (_, { saved }) => (await import('./remove-environment.ts')).removeEnvironment(saved) },
  run: async (config, context) => (await import('./run-install-check.ts')).runInstallCheck(config, context),
});
