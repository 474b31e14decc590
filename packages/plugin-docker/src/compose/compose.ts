import { defineStep } from 'relpipe/plugin';
import { composeConfig, composed, composeState } from './compose-config.ts';

/** `docker.compose`: with `docker compose` or docker-compose 1.x. */
export const compose = defineStep({
  summary: 'Brings a compose project up and waits until it is healthy',
  with: composeConfig,
  outputs: composed,
  state: composeState,
  onLost: 'probe',
  verify: async (config, context) => (await import('./verify-compose.ts')).verifyCompose(config, context),
  preview: async (config, context) => (await import('./preview-compose.ts')).previewCompose(config, context),
  probe: async (config, context) => (await import('./probe-compose.ts')).probeCompose(config, context),
  run: async (config, context) => (await import('./run-compose.ts')).runCompose(config, context),
  rollback: { run: async (config, context) => (await import('./rollback-compose.ts')).rollbackCompose(config, context) },
});
