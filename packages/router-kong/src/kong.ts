import type { Router } from '@relpipe/plugin-traffic/router';
import type { Provision } from 'relpipe/plugin';
import { kongConfig } from './kong-config.ts';

/** `router: { kong: … }`. Loaded when it is used: reading a pipeline file needs none of it. */
export const kong: Provision<Router, typeof kongConfig> = {
  summary: 'The targets of an upstream of Kong',
  contract: 1,
  with: kongConfig,
  open: async (config, context) => (await import('./open-kong.ts')).openKong(config, context),
};
