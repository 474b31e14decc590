import { defineStep } from 'relpipe/plugin';
import { pushConfig, pushed, pushState } from './push-config.ts';

/** `docker.push`: from the engine through the docker CLI, from an OCI layout through the registry's API. */
export const push = defineStep({
  summary: 'Pushes an image, unless its tag points at it already',
  with: pushConfig,
  outputs: pushed,
  state: pushState,
  onLost: 'probe',
  verify: async (config, context) => (await import('./verify-push.ts')).verifyPush(config, context),
  preview: async (config, context) => (await import('./preview-push.ts')).previewPush(config, context),
  probe: async (config, context) => (await import('./probe-push.ts')).probePush(config, context),
  run: async (config, context) => (await import('./run-push.ts')).runPush(config, context),
  rollback: { run: async (config, context) => (await import('./rollback-push.ts')).rollbackPush(config, context) },
});
