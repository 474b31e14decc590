import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { containing } from '@relpipe/testing/matchers';
import { needing } from '@relpipe/testing/real-servers';
import { runCommand } from '@relpipe/testing/run-command';
import { virtualContext } from '@relpipe/testing/step-context';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gatewayApi } from '../src/gateway-api.ts';
import { istio } from '../src/istio.ts';
import { StandInCluster } from './stand-in/cluster.ts';
import { accepted, gatewayObjects, istioObjects, virtualServiceSpec } from './support/route-rigs.ts';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'relpipe-kubeconfig-'))));
afterAll(() => rm(folder, { recursive: true }));

let configs = 0;
async function start(cluster: StandInCluster): Promise<string> {
  const kubeconfig = join(folder, String((configs += 1)));
  await cluster.start(kubeconfig);
  return kubeconfig;
}

const given = (candidate: number) => ({ v1: 100 - candidate, v2: candidate });
const openIstio = (kubeconfig: string, more: object = {}) => istio.open({ 'virtual-service': 'shop', route: 'primary', kubeconfig, ...more }, virtualContext());

test.each([
  ['Istio', istioObjects, { v1: 95, v2: 5 }],
  ['the Gateway API', gatewayObjects, { 'shop-v1': 95, 'http://shop-v2.web:80': 5 }],
])('the command for a manual rollback sets the weights of %s, and changes nothing else', needing('kubectl', 'jq'), async (_, objects, weights) => {
  await using cluster = objects.cluster({ stable: 50, candidate: 50 });
  const router = await objects.provision.open({ ...objects.setting, kubeconfig: await start(cluster) }, virtualContext());

  cluster.asksForToken = false;
  await runCommand('sh', ['-c', router.manualCommand?.(weights) ?? '']);

  const { stable, candidate } = objects.weightsIn(cluster.object.spec);
  expect(candidate / (stable + candidate)).toBe(0.05);
  expect(cluster.object.spec).toEqual(objects.specOf({ stable, candidate }));
});

test('what the cluster would refuse of new weights is asked before the run, and nothing is changed', async () => {
  await using cluster = istioObjects.cluster({ stable: 100, candidate: 0 });
  const router = await openIstio(await start(cluster));
  const before = cluster.object;
  await router.read();

  expect(await router.verify?.(given(25))).toEqual([]);
  cluster.objection = 'admission webhook "weights" does not support dry run';
  expect(await router.verify?.(given(25))).toEqual([]);
  cluster.objection = 'admission webhook "weights" denied the request: not on Fridays';
  await expect(router.verify?.(given(25))).rejects.toMatchObject({ code: 'KUBERNETES_REFUSED', message: containing('not on Fridays') });
  expect(cluster.object).toBe(before);
});

test('a route that a gateway rejects now is a warning before the run, because a step may mend it', async () => {
  await using cluster = gatewayObjects.cluster({ stable: 100, candidate: 0 });
  const missing = { ...accepted(1), type: 'ResolvedRefs', status: 'False', reason: 'BackendNotFound' };
  cluster.object = { ...cluster.object, status: { parents: [{ conditions: [accepted(1), missing] }] } };
  const router = await gatewayObjects.provision.open({ ...gatewayObjects.setting, kubeconfig: await start(cluster) }, virtualContext());
  const { weights } = await router.read();

  expect(await router.verify?.(weights)).toMatchObject([{ level: 'warning', code: 'KUBERNETES_ROUTE_REJECTED', message: containing('BackendNotFound') }]);
});

test('the command for a manual rollback changes nothing when a destination has no weight', needing('kubectl', 'jq'), async () => {
  await using cluster = istioObjects.cluster({ stable: 50, candidate: 50 });
  const router = await openIstio(await start(cluster));
  cluster.asksForToken = false;

  await expect(runCommand('sh', ['-c', router.manualCommand?.({ v1: 95, v3: 5 }) ?? ''])).rejects.toThrow('no weight for');

  expect(cluster.object.spec).toEqual(virtualServiceSpec({ stable: 50, candidate: 50 }));
  // Kubectl then puts nothing, and says so to the cluster, which refuses it.
  cluster.violations.length = 0;
});

test('the command for a manual rollback contains the context and the kubeconfig of the release, and no secret', async () => {
  await using cluster = istioObjects.cluster({ stable: 50, candidate: 50 });
  const kubeconfig = await start(cluster);
  const manualCommand = (await openIstio(kubeconfig, { context: 'shop' })).manualCommand?.(given(0)) ?? '';

  expect(manualCommand).toContain(`kubectl --kubeconfig ${kubeconfig} --context shop get --raw /apis/networking.istio.io/v1/namespaces/web/virtualservices/shop | jq `);
  expect(manualCommand).not.toContain('who-releases');
});

test('a conflict with a change of something else is retried, and both changes are kept', async () => {
  await using cluster = istioObjects.cluster({ stable: 100, candidate: 0 });
  const router = await openIstio(await start(cluster));
  const previous = await router.read();
  cluster.beforeReplace = () => {
    cluster.beforeReplace = () => undefined;
    cluster.set({ ...cluster.object.spec, hosts: ['other.example.com'] });
  };

  expect((await router.write(given(30), previous)).weights).toEqual(given(30));
  expect(cluster.object.spec).toEqual({ ...virtualServiceSpec({ stable: 70, candidate: 30 }), hosts: ['other.example.com'] });
});

test('a conflict with a change of the weights is drift, and the other change is kept', async () => {
  await using cluster = istioObjects.cluster({ stable: 100, candidate: 0 });
  const router = await openIstio(await start(cluster));
  const previous = await router.read();
  cluster.beforeReplace = () => cluster.set(istioObjects.specOf({ stable: 40, candidate: 60 }));

  await expect(router.write(given(30), previous)).rejects.toMatchObject({ code: 'TRAFFIC_DRIFT' });
  expect((await router.read()).weights).toEqual(given(60));
});

test('a change that conflicts every time fails with a retryable error', async () => {
  await using cluster = istioObjects.cluster({ stable: 100, candidate: 0 });
  const router = await openIstio(await start(cluster));
  const previous = await router.read();
  cluster.beforeReplace = () => cluster.set({ ...cluster.object.spec });

  await expect(router.write(given(30), previous)).rejects.toMatchObject({ code: 'KUBERNETES_CONFLICT', retryable: true });
});

test('Istio supports whole percents and the Gateway API four decimals', async () => {
  await using one = istioObjects.cluster({ stable: 100, candidate: 0 });
  await using other = gatewayObjects.cluster({ stable: 1, candidate: 0 });
  const byIstio = await openIstio(await start(one));
  const byGateway = await gatewayApi.open({ 'http-route': 'shop', kubeconfig: await start(other) }, virtualContext());

  expect(byIstio.nearest?.({ v1: 99.4, v2: 0.6 })).toEqual({ v1: 99, v2: 1 });
  expect(byIstio.nearest?.({ v1: 99.99, v2: 0.01 }), 'a side with a share never gets 0').toEqual({ v1: 99, v2: 1 });
  expect(byGateway.nearest?.({ 'shop-v1': 87.6543, 'shop-v2': 12.3457 })).toEqual({ 'shop-v1': 87.6543, 'shop-v2': 12.3457 });
  expect((await byGateway.read()).weights).toEqual({ 'shop-v1': 100, 'shop-v2': 0 });
});

test('a rule must be given where there are several, by a name that exists', async () => {
  await using cluster = istioObjects.cluster({ stable: 100, candidate: 0 });
  const kubeconfig = await start(cluster);

  await expect((await openIstio(kubeconfig, { route: undefined })).read()).rejects.toMatchObject({ code: 'KUBERNETES_RULE_UNNAMED', hint: 'Set one of its names in `route`: health, primary.' });
  await expect((await openIstio(kubeconfig, { route: 'secondary' })).read()).rejects.toMatchObject({ code: 'KUBERNETES_RULE_UNKNOWN', hint: 'Set one of its names in `route`: health, primary.' });
});

test('an unknown object, namespace or context is reported', async () => {
  await using cluster = istioObjects.cluster({ stable: 100, candidate: 0 });
  const kubeconfig = await start(cluster);

  await expect((await openIstio(kubeconfig, { 'virtual-service': 'shoop' })).read()).rejects.toMatchObject({ code: 'KUBERNETES_ROUTE_UNKNOWN', message: 'There is no VirtualService shoop in the namespace web.' });
  await expect((await openIstio(kubeconfig, { namespace: 'elsewhere' })).read()).rejects.toMatchObject({ code: 'KUBERNETES_ROUTE_UNKNOWN' });
  await expect(openIstio(kubeconfig, { context: 'production' })).rejects.toMatchObject({ code: 'KUBERNETES_CONTEXT_UNKNOWN', hint: 'Use one of its contexts: shop, anonymous.' });
  await expect(openIstio(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'KUBERNETES_CONFIG_UNREADABLE' });
});

test('missing permissions are named, and a rejection by a webhook is reported with its message', async () => {
  await using cluster = istioObjects.cluster({ stable: 100, candidate: 0 });
  const kubeconfig = await start(cluster);

  await expect((await openIstio(kubeconfig, { context: 'anonymous' })).read()).rejects.toMatchObject({ code: 'KUBERNETES_UNAUTHORIZED' });
  cluster.refusals.push({ code: 403, message: 'virtualservices is forbidden' });
  await expect((await openIstio(kubeconfig)).read()).rejects.toMatchObject({ code: 'KUBERNETES_FORBIDDEN', hint: expect.stringContaining('virtualservices.networking.istio.io') as string });
  cluster.refusals.push({ code: 400, message: 'admission webhook denied the request' });
  await expect((await openIstio(kubeconfig)).read()).rejects.toMatchObject({ code: 'KUBERNETES_REFUSED', message: expect.stringContaining('webhook denied') as string, retryable: false });
  cluster.refusals.push({ code: 503, message: 'etcd is gone' });
  await expect((await openIstio(kubeconfig)).read()).rejects.toMatchObject({ code: 'KUBERNETES_REFUSED', retryable: true });
});

test('a missing program for credentials is reported as an error that is not retryable', async () => {
  const kubeconfig = join(folder, 'exec');
  const user = { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'relpipe-no-such-program', interactiveMode: 'Never' } };
  const clusters = [{ name: 'here', cluster: { server: 'http://127.0.0.1:1', 'insecure-skip-tls-verify': true } }];
  const contexts = [{ name: 'shop', context: { cluster: 'here', user: 'release' } }];
  await writeFile(kubeconfig, JSON.stringify({ apiVersion: 'v1', kind: 'Config', clusters, users: [{ name: 'release', user }], contexts, 'current-context': 'shop' }));

  await expect((await openIstio(kubeconfig)).read()).rejects.toMatchObject({ code: 'KUBERNETES_CLIENT_FAILED', message: expect.stringContaining('relpipe-no-such-program') as string, retryable: false });
});

test('a route that no gateway accepts, or that a gateway rejects, is an error', async () => {
  await using cluster = gatewayObjects.cluster({ stable: 1, candidate: 0 });
  const router = await gatewayApi.open({ 'http-route': 'shop', kubeconfig: await start(cluster) }, virtualContext());
  const parent = (conditions: readonly object[]) => ({ parents: [{ parentRef: { name: 'public' }, controllerName: 'example.com/gateway', conditions }] });

  cluster.statusOf = (generation) => parent([accepted(generation - 1)]);
  const write = async (candidate: number) => router.write({ 'shop-v1': 100 - candidate, 'shop-v2': candidate }, await router.read());
  await expect(write(10)).rejects.toMatchObject({ code: 'KUBERNETES_NOT_ACCEPTED', retryable: true });

  const missing = { type: 'ResolvedRefs', status: 'False', reason: 'BackendNotFound', message: 'shop-v2 is not there', lastTransitionTime: '2026-01-01T00:00:00Z' };
  cluster.statusOf = (generation) => parent([accepted(generation), { ...missing, observedGeneration: generation }]);
  await expect(write(20)).rejects.toMatchObject({ code: 'KUBERNETES_ROUTE_REJECTED', message: expect.stringContaining('BackendNotFound shop-v2 is not there') as string });
});

test.each([
  { destinations: [{ host: 'shop', subset: 'v1' }, { host: 'shop', subset: 'v2' }], names: ['v1', 'v2'] },
  { destinations: [{ host: 'shop' }, { host: 'shop-next' }], names: ['shop', 'shop-next'] },
  { destinations: [{ host: 'shop', subset: 'v1' }, { host: 'old', subset: 'v1' }], names: ['shop', 'old'] },
  { destinations: [{ host: 'shop', subset: 'v1' }, { host: 'shop' }], names: ['shop/v1', 'shop'] },
])('the sides are named by what distinguishes them: $names', async ({ destinations, names }) => {
  const route = destinations.map((destination, n) => ({ destination, weight: n === 0 ? 100 : 0 }));
  await using cluster = new StandInCluster('networking.istio.io/v1/virtualservices', 'VirtualService', { hosts: ['shop'], http: [{ route }] });

  const { sides } = await (await openIstio(await start(cluster), { route: undefined })).read();

  expect(sides.map(({ name }) => name)).toEqual(names);
});
