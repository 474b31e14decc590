import { quantity, Type, type Static } from 'relpipe/plugin';

/** Which cluster and namespace, as every client of Kubernetes asks for them. */
export const clusterSettings = Type.Object({
  namespace: Type.Optional(Type.String({ minLength: 1, description: "Default: the namespace of the context, else `default`" })),
  context: Type.Optional(Type.String({ minLength: 1, description: 'Context of the kubeconfig; default: its current one' })),
  kubeconfig: Type.Optional(
    Type.String({ minLength: 1, description: 'From the folder of the pipeline file; default: $KUBECONFIG, ~/.kube/config, or the service account of the pod' }),
  ),
  settle: Type.Optional(quantity('duration', 'How long it may take until all proxies go by new weights; default 5s', { minimum: 0 })),
});
export type ClusterSettings = Static<typeof clusterSettings>;
