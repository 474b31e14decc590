import { Type, type Static } from 'relpipe/plugin';
import { clusterSettings } from '../cluster/cluster-settings.ts';
import { requestsSettings } from '../requests/requests-settings.ts';

/** `router: { istio: … }`: which route of which VirtualService. */
export const istioConfig = Type.Object(
  {
    'virtual-service': Type.String({ minLength: 1, description: 'Name of the VirtualService' }),
    route: Type.Optional(Type.String({ minLength: 1, description: 'Name of its HTTP route; needed where there are several' })),
    ...clusterSettings.properties,
    requests: Type.Optional(requestsSettings),
  },
  { additionalProperties: false, description: 'A VirtualService of Istio' },
);
export type IstioConfig = Static<typeof istioConfig>;
