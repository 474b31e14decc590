import { Type, type Static } from 'relpipe/plugin';
import { clusterSettings } from '../cluster/cluster-settings.ts';
import { requestsSettings } from '../requests/requests-settings.ts';

/** `router: { gateway-api: … }`: which rule of which HTTPRoute. */
export const gatewayApiConfig = Type.Object(
  {
    'http-route': Type.String({ minLength: 1, description: 'Name of the HTTPRoute' }),
    rule: Type.Optional(Type.String({ minLength: 1, description: 'Name of its rule; needed where there are several' })),
    ...clusterSettings.properties,
    requests: Type.Optional(requestsSettings),
  },
  { additionalProperties: false, description: 'An HTTPRoute of the Gateway API' },
);
export type GatewayApiConfig = Static<typeof gatewayApiConfig>;
