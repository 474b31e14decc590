import type { Provision } from 'relpipe/plugin';
import type { Router } from '../router.ts';
import { nginxConfig } from './nginx-config.ts';

/** `router: { nginx: … }`. Loaded when it is used: reading a pipeline file needs none of it. */
export const nginx: Provision<Router, typeof nginxConfig> = {
  summary: 'The servers of one upstream of nginx, through its configuration file',
  contract: 1,
  with: nginxConfig,
  open: async (config, context) => (await import('./open-nginx.ts')).openNginx(config, context),
};
