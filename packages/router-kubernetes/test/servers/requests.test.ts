import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { serve } from '@relpipe/testing/http-server';
import { needing, programOf } from '@relpipe/testing/real-servers';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import { virtualContext } from '@relpipe/testing/step-context';
import { waitUntil } from '@relpipe/testing/wait-until';
import { expect, test } from 'vitest';
import { istio } from '../../src/istio.ts';
import { istioObjects } from '../support/route-rigs.ts';

test('the requests that a gateway counts after a change of weights are measured through a real Prometheus (cluster: stand-in)', needing('prometheus'), async () => {
  using folder = scratchFolder();
  const served = { v1: 1000, v2: 3 };
  await using gateway = await serve((_, response) =>
    response.end(Object.entries(served).map(([version, count]) => `istio_requests_total{reporter="source",destination_version="${version}"} ${count}\n`).join('')),
  );
  await using prometheus = await startPrometheus(folder.path, new URL(gateway.url).host);
  await using cluster = istioObjects.cluster({ stable: 100, candidate: 0 });
  const kubeconfig = join(folder.path, 'config');
  await cluster.start(kubeconfig);
  const requests = { prometheus: prometheus.url, counter: 'istio_requests_total{reporter="source"}', label: 'destination_version' };
  const router = await istio.open({ 'virtual-service': 'shop', route: 'primary', kubeconfig, settle: 0, requests }, virtualContext());

  await router.write({ v1: 90, v2: 10 }, await router.read());
  const none = await router.measure?.();
  await waitUntil(() => prometheus.hasScraped());
  await router.measure?.();
  Object.assign(served, { v1: 1090, v2: 13 });
  await waitUntil(async () => (await router.measure?.())?.requests['v1'] === 90);

  expect(none?.requests).toEqual({ v1: 0, v2: 0 });
  expect(await router.measure?.()).toEqual({ revision: (await router.read()).revision, requests: { v1: 90, v2: 10 } });
});

interface Prometheus extends AsyncDisposable {
  readonly url: string;
  /** Whether the gateway was scraped since this was asked for the first time. */
  hasScraped(): Promise<boolean>;
}

async function startPrometheus(folder: string, gateway: string): Promise<Prometheus> {
  const port = await freePort();
  const file = join(folder, 'prometheus.yml');
  await writeFile(file, JSON.stringify({ global: { scrape_interval: '200ms' }, scrape_configs: [{ job_name: 'gateway', static_configs: [{ targets: [gateway] }] }] }));
  const url = `http://127.0.0.1:${port}`;
  const args = [`--config.file=${file}`, `--storage.tsdb.path=${join(folder, 'data')}`, `--web.listen-address=127.0.0.1:${port}`];
  const child = spawn(programOf('prometheus'), args, { stdio: 'ignore' });
  await waitUntil(() => fetch(`${url}/-/ready`).then(({ ok }) => ok, () => false));
  const scrapes = async () => {
    const answer = await (await fetch(`${url}/api/v1/query?query=${encodeURIComponent('count_over_time(up[5m])')}`)).json();
    return Number((answer as { data: { result: { value: [number, string] }[] } }).data.result[0]?.value[1] ?? 0);
  };
  let first: number | undefined;
  return {
    url,
    hasScraped: async () => (await scrapes()) > (first ??= await scrapes()) + 1,
    async [Symbol.asyncDispose]() {
      child.kill();
      await once(child, 'exit');
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
