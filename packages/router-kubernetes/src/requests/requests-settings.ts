import { secret, Type, type Static } from 'relpipe/plugin';

/** Where the requests of the sides are counted; without it the served share is not measured. */
export const requestsSettings = Type.Object(
  {
    prometheus: Type.String({ pattern: '^https?://', description: 'Address of the Prometheus server' }),
    counter: Type.String({
      minLength: 1,
      description: 'A counter of requests by side, as a selector, e.g. istio_requests_total{reporter="source",destination_service="shop.web.svc.cluster.local"}',
    }),
    label: Type.String({ pattern: '^[a-zA-Z_][a-zA-Z0-9_]*$', description: 'Its label that holds the names of the sides, e.g. destination_version' }),
    token: Type.Optional(secret('Bearer token for Prometheus')),
  },
  { additionalProperties: false, description: 'A Prometheus server that counts the requests of each side' },
);
export type RequestsSettings = Static<typeof requestsSettings>;
