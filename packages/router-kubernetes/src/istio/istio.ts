import type { Router } from '@relpipe/plugin-traffic/router';
import type { Provision } from 'relpipe/plugin';
import { istioConfig } from './istio-config.ts';

/** `router: { istio: … }`. Loaded when it is used: the client of Kubernetes is large. */
export const istio: Provision<Router, typeof istioConfig> = {
  summary: 'An HTTP route of a VirtualService of Istio',
  contract: 1,
  with: istioConfig,
  open: async (config, context) => (await import('./open-istio.ts')).openIstio(config, context),
};
