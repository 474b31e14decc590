import { defineStep, plannedText, unknownUntilRun } from 'relpipe/plugin';
import { runConfig, runState, started } from './run-config.ts';

/** `docker.run`: a container for the steps of its stage; it is stopped and removed when the stage is over. */
export const run = defineStep({
  summary: 'Runs a container until the end of its stage, and waits until it is healthy',
  with: runConfig,
  outputs: started,
  state: runState,
  // It is released in any case.
  rollback: 'nothing',
  onLost: 'probe',
  verify: async (config, context) => (await import('./verify-run.ts')).verifyRun(config, context),
  preview: async (config) => ({
    change: `run ${plannedText(config.image)} until the end of the stage`,
    rollback: 'nothing has to be undone: it is stopped and removed in any case',
    unknownUntilRun: unknownUntilRun(config),
  }),
  probe: async (config, context) => (await import('./probe-run.ts')).probeRun(config, context),
  run: async (config, context) => (await import('./run-run.ts')).runRun(config, context),
  teardown: {
    scope: 'stage',
    run: async (config, context) => (await import('./release-run.ts')).releaseRun(config, context),
  },
});
