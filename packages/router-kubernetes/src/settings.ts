import { quantity, secret, Type, type Static } from 'relpipe/plugin';

/** The cluster and namespace, as for every client of Kubernetes. */
export const clusterSettings = Type.Object({
  namespace: Type.Optional(Type.String({ minLength: 1, description: "Default: the namespace of the context, else `default`" })),
  context: Type.Optional(Type.String({ minLength: 1, description: 'Context of the kubeconfig; default: its current one' })),
  kubeconfig: Type.Optional(
    Type.String({
      minLength: 1,
      description: 'From the folder of the pipeline file; default: $KUBECONFIG, ~/.kube/config, or the service account of the pod',
    }),
  ),
  settle: Type.Optional(quantity('duration', 'How long it may take until all proxies use new weights; default 5s', { minimum: 0 })),
});
export type ClusterSettings = Static<typeof clusterSettings>;

/** Where the requests of the sides are counted; without it the served share is not measured. */
export const requestsSettings = Type.Object(
  {
    prometheus: Type.String({ pattern: '^https?://', description: 'Address of the Prometheus server' }),
    counter: Type.String({
      minLength: 1,
      description:
        'A counter of requests by side, as a selector, e.g. istio_requests_total{reporter="source",destination_service="shop.web.svc.cluster.local"}',
    }),
    label: Type.String({
      pattern: '^[a-zA-Z_][a-zA-Z0-9_]*$',
      description: 'Its label that holds the names of the sides, e.g. destination_version',
    }),
    token: Type.Optional(secret('Bearer token for Prometheus')),
  },
  { additionalProperties: false, description: 'A Prometheus server that counts the requests of each side' },
);
export type RequestsSettings = Static<typeof requestsSettings>;
