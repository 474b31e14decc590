import type { Router } from '@relpipe/plugin-traffic/router';
import type { Provision } from 'relpipe/plugin';
import { gatewayApiConfig } from './gateway-api-config.ts';

/** `router: { gateway-api: … }`. Loaded when it is used: the client of Kubernetes is large. */
export const gatewayApi: Provision<Router, typeof gatewayApiConfig> = {
  summary: 'A rule of an HTTPRoute of the Gateway API',
  contract: 1,
  with: gatewayApiConfig,
  open: async (config, context) => (await import('./open-gateway-api.ts')).openGatewayApi(config, context),
};
