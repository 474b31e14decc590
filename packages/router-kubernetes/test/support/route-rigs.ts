import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startWeightedProxy } from '@relpipe/testing/weighted-proxy';
import type { Router } from '@relpipe/plugin-traffic/router';
import type { OpenRig, RouterRig, TwoSides } from '@relpipe/plugin-traffic/testing';
import type { Provision } from 'relpipe/plugin';
import { gatewayApi } from '../../src/gateway-api.ts';
import { istio } from '../../src/istio.ts';
import { StandInCluster, writeKubeconfig } from '../stand-in/cluster.ts';

/** Weights as the object holds them, and an object that holds them. */
interface Objects {
  readonly kind: string;
  readonly provision: Provision<Router>;
  readonly setting: object;
  readonly names: TwoSides<string>;
  readonly cluster: (weights: TwoSides<number>) => StandInCluster;
  readonly specOf: (weights: TwoSides<number>) => object;
  readonly weightsIn: (spec: object) => TwoSides<number>;
}

/** An Istio that has one route between two subsets. */
export const istioObjects: Objects = {
  kind: 'istio',
  provision: istio,
  setting: { 'virtual-service': 'shop', route: 'primary' },
  names: { stable: 'v1', candidate: 'v2' },
  specOf: virtualServiceSpec,
  cluster: (weights) => new StandInCluster('networking.istio.io/v1/virtualservices', 'VirtualService', virtualServiceSpec(weights)),
  weightsIn(spec) {
    const [, { route }] = (spec as ReturnType<typeof virtualServiceSpec>).http;
    return { stable: route[0]!.weight ?? 0, candidate: route[1]!.weight ?? 0 };
  },
};

export function virtualServiceSpec({ stable, candidate }: TwoSides<number>) {
  const destination = (subset: string) => ({ host: 'shop.web.svc.cluster.local', subset, port: { number: 80 } });
  const route: { destination: object; weight?: number }[] = [{ destination: destination('v1'), weight: stable }, { destination: destination('v2'), weight: candidate }];
  const health = { name: 'health', match: [{ uri: { exact: '/healthz' } }], route: [{ destination: destination('v1') }] };
  return { hosts: ['shop.example.com'], gateways: ['web/public'], http: [health, { name: 'primary', retries: { attempts: 2 }, route }] as const };
}

/** A gateway that accepts every route at once. */
export const gatewayObjects: Objects = {
  kind: 'gateway-api',
  provision: gatewayApi,
  setting: { 'http-route': 'shop' },
  names: { stable: 'shop-v1', candidate: 'shop-v2' },
  specOf: httpRouteSpec,
  cluster(weights) {
    const cluster = new StandInCluster('gateway.networking.k8s.io/v1/httproutes', 'HTTPRoute', httpRouteSpec(weights));
    cluster.statusOf = (generation) => ({ parents: [{ parentRef: { name: 'public' }, controllerName: 'example.com/gateway', conditions: [accepted(generation)] }] });
    return cluster;
  },
  weightsIn(spec) {
    const [stable, candidate] = (spec as ReturnType<typeof httpRouteSpec>).rules[0]!.backendRefs;
    return { stable: stable!.weight, candidate: candidate!.weight };
  },
};

export const accepted = (observedGeneration: number) => ({ type: 'Accepted', status: 'True', reason: 'Accepted', message: '', lastTransitionTime: '2026-01-01T00:00:00Z', observedGeneration });

function httpRouteSpec({ stable, candidate }: TwoSides<number>) {
  const backendRefs = [{ name: 'shop-v1', port: 80, weight: stable }, { name: 'shop-v2', port: 80, weight: candidate }];
  return { parentRefs: [{ name: 'public' }], rules: [{ matches: [{ path: { type: 'PathPrefix', value: '/' } }], backendRefs }] };
}

/** A stand-in of a cluster with its data path between two servers. */
export const rigOf = (objects: Objects): OpenRig => async (urls): Promise<RouterRig> => {
  const folder = await mkdtemp(join(tmpdir(), 'relpipe-cluster-'));
  const [kubeconfig, nowhere] = [join(folder, 'config'), join(folder, 'nowhere')];
  const cluster = objects.cluster({ stable: 100, candidate: 0 });
  await cluster.start(kubeconfig);
  await writeKubeconfig(nowhere, 'http://127.0.0.1:1');
  const proxy = await startWeightedProxy(() => {
    const { stable, candidate } = objects.weightsIn(cluster.object.spec);
    return [{ url: urls.stable, weight: stable }, { url: urls.candidate, weight: candidate }];
  });
  return {
    kind: objects.kind,
    // The rig's configuration is as a file has it; a step gets durations as numbers.
    provision: { ...objects.provision, open: (config, context) => objects.provision.open({ ...(config as object), settle: 0 }, context) },
    config: { ...objects.setting, kubeconfig, settle: '0s' },
    unreachable: { ...objects.setting, kubeconfig: nowhere, settle: '0s' },
    names: objects.names,
    url: proxy.url,
    async setManually(weights) {
      cluster.set(objects.specOf(weights));
    },
    plugins: { '@relpipe/router-kubernetes': dirname(createRequire(import.meta.url).resolve('@relpipe/router-kubernetes/package.json')) },
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      await cluster[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
};
