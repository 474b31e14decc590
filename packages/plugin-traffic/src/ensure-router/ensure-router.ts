import { defineStep } from 'relpipe/plugin';
import { ensureConfig, ensureOutputs } from './ensure-config.ts';

/** `traffic.router`: the functions are loaded when they are used, because reading a pipeline file needs none of them. */
export const ensureRouter = defineStep({
  summary: 'Makes sure that the router runs that comes with this plugin; it outlives the release',
  with: ensureConfig,
  outputs: ensureOutputs,
  verify: async (config, context) => (await import('./verify-ensure.ts')).verifyEnsure(config, context),
  preview: async (config, context) => (await import('./preview-ensure.ts')).previewEnsure(config, context),
  run: async (config, context) => (await import('./run-ensure.ts')).runEnsure(config, context),
  onLost: 'probe',
  probe: async (config, context) => (await import('./probe-ensure.ts')).probeEnsure(config, context),
  // Traffic may go through it by now: ending it would drop that.
  rollback: 'nothing',
});
