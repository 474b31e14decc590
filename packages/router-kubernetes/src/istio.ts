import type { Router } from '@relpipe/plugin-traffic/router';
import { Type, type Provision, type Static } from 'relpipe/plugin';
import { clusterSettings, requestsSettings } from './settings.ts';

/** `router: { istio: … }`: a route of a VirtualService. */
const istioConfig = Type.Object(
  {
    'virtual-service': Type.String({ minLength: 1, description: 'Name of the VirtualService' }),
    route: Type.Optional(Type.String({ minLength: 1, description: 'Name of its HTTP route; required where there are several' })),
    ...clusterSettings.properties,
    requests: Type.Optional(requestsSettings),
  },
  { additionalProperties: false, description: 'A VirtualService of Istio' },
);
export type IstioConfig = Static<typeof istioConfig>;

/** `router: { istio: … }`. The implementation is loaded when a router is opened: the client of Kubernetes is large. */
export const istio: Provision<Router, typeof istioConfig> = {
  summary: 'An HTTP route of a VirtualService of Istio',
  contract: 1,
  with: istioConfig,
  open: async (config, context) => (await import('./istio.impl.ts')).openIstio(config, context),
};
