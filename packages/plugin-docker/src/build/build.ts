import { defineStep, plannedText, unknownUntilRun } from 'relpipe/plugin';
import { buildConfig, built } from './build-config.ts';

/** `docker.build`: into the engine, or for several platforms into an OCI layout, whose digest is the one the registry will have. */
export const build = defineStep({
  summary: 'Builds an image, for one platform or several',
  with: buildConfig,
  outputs: built,
  // What was built is used by nobody until a further step gives it to somebody.
  rollback: 'nothing',
  onLost: 'retry',
  verify: async (config, context) => (await import('./verify-build.ts')).verifyBuild(config, context),
  preview: async (config) => ({
    change: `build ${plannedText(config.tag)} from ${plannedText(config.context ?? '.')}`,
    rollback: 'nothing has to be undone: nobody uses it yet',
    unknownUntilRun: unknownUntilRun(config),
  }),
  run: async (config, context) => (await import('./run-build.ts')).runBuild(config, context),
});
