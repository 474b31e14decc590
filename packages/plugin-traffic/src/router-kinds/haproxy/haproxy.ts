import type { Provision } from 'relpipe/plugin';
import type { Router } from '../router.ts';
import { haproxyConfig } from './haproxy-config.ts';

/** `router: { haproxy: … }`. Loaded when it is used: reading a pipeline file needs none of it. */
export const haproxy: Provision<Router, typeof haproxyConfig> = {
  summary: 'The servers of one backend of HAProxy, through its Runtime API',
  contract: 1,
  with: haproxyConfig,
  open: async (config, context) => (await import('./open-haproxy.ts')).openHaproxy(config, context),
};
