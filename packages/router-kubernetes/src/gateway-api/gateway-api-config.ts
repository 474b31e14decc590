import { Type, type Static } from 'relpipe/plugin';
import { clusterSettings } from '../cluster/cluster-settings.ts';

/** `router: { gateway-api: … }`: which rule of which HTTPRoute. */
export const gatewayApiConfig = Type.Object(
  {
    'http-route': Type.String({ minLength: 1, description: 'Name of the HTTPRoute' }),
    rule: Type.Optional(Type.String({ minLength: 1, description: 'Name of its rule; needed where there are several' })),
    ...clusterSettings.properties,
  },
  { additionalProperties: false, description: 'An HTTPRoute of the Gateway API' },
);
export type GatewayApiConfig = Static<typeof gatewayApiConfig>;
