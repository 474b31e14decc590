import type { Provision } from 'relpipe/plugin';
import type { Router } from '../router.ts';
import { embeddedConfig } from './embedded-config.ts';

/** `router: { embedded: … }`. Loaded when it is used: reading a pipeline file needs none of it. */
export const embedded: Provision<Router, typeof embeddedConfig> = {
  summary: 'The router that comes with this plugin',
  contract: 1,
  with: embeddedConfig,
  open: async (config, context) => (await import('./open-embedded.ts')).openEmbedded(config, context),
};
