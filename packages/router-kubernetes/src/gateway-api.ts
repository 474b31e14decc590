import type { Router } from '@relpipe/plugin-traffic/router';
import { Type, type Provision, type Static } from 'relpipe/plugin';
import { clusterSettings, requestsSettings } from './settings.ts';

/** `router: { gateway-api: … }`: a rule of an HTTPRoute. */
const gatewayApiConfig = Type.Object(
  {
    'http-route': Type.String({ minLength: 1, description: 'Name of the HTTPRoute' }),
    rule: Type.Optional(Type.String({ minLength: 1, description: 'Name of its rule; required where there are several' })),
    ...clusterSettings.properties,
    requests: Type.Optional(requestsSettings),
  },
  { additionalProperties: false, description: 'An HTTPRoute of the Gateway API' },
);
export type GatewayApiConfig = Static<typeof gatewayApiConfig>;

/** `router: { gateway-api: … }`. The implementation is loaded when a router is opened: the client of Kubernetes is large. */
export const gatewayApi: Provision<Router, typeof gatewayApiConfig> = {
  summary: 'A rule of an HTTPRoute of the Gateway API',
  contract: 1,
  with: gatewayApiConfig,
  open: async (config, context) => (await import('./gateway-api.impl.ts')).openGatewayApi(config, context),
};
