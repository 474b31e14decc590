import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Router, SideWeights } from '../routers/router.ts';
import { realContext } from './real-context.ts';
import type { OpenRig, RouterRig, TwoSides } from './router-rig.ts';

/** A router between two servers, with helpers. */
export interface RouterFixture {
  readonly rig: RouterRig;
  readonly router: Router;
  readonly servers: TwoSides<SideServer>;
  /** An empty folder. */
  readonly folder: string;
  /** Weights by the names of the router's sides. */
  readonly divide: (candidate: number) => SideWeights;
  /** Sets the candidate's share in percent, as a step does. */
  readonly give: (candidate: number) => Promise<void>;
  /** The candidate's share in percent, as the router reports it. */
  readonly candidate: () => Promise<number>;
}

/** Two servers and a router between them, until `use` has finished. */
export async function withRouter(openRig: OpenRig, use: (fixture: RouterFixture) => Promise<void>): Promise<void> {
  await using stable = await startSide('stable');
  await using candidate = await startSide('candidate');
  await using rig = await openRig({ stable: stable.url, candidate: candidate.url });
  const folder = await mkdtemp(join(tmpdir(), 'relpipe-rig-'));
  try {
    const router = await rig.provision.open(rig.config, realContext(folder));
    await use({ rig, folder, servers: { stable, candidate }, ...helpersFor(router, rig.names) });
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function helpersFor(router: Router, names: TwoSides<string>): Pick<RouterFixture, 'router' | 'divide' | 'give' | 'candidate'> {
  const divide = (candidate: number): SideWeights => ({ [names.stable]: 100 - candidate, [names.candidate]: candidate });
  return {
    router,
    divide,
    give: async (candidate) => {
      await router.write(divide(candidate), await router.read());
    },
    candidate: async () => (await router.read()).weights[names.candidate] ?? NaN,
  };
}

interface SideServer extends AsyncDisposable {
  readonly url: string;
  /** Number of requests it has answered. */
  readonly requests: number;
}

/** A real HTTP server on a free loopback port that answers every request with its name, and never ends its answer to `/held`. */
export async function startSide(name: string): Promise<SideServer> {
  let requests = 0;
  // So long that no client reuses a connection that the server is closing.
  const server = createServer({ keepAliveTimeout: 600_000 }, ({ url }, response) => {
    requests += 1;
    if (url === '/held') response.write(name);
    else response.end(name);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get requests() {
      return requests;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
