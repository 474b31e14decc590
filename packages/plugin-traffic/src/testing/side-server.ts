import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SideServer extends AsyncDisposable {
  readonly url: string;
  /** Requests it has answered. */
  readonly requests: number;
}

/** A real HTTP server on a free loopback port that answers every request with its name, and never ends its answer to `/held`. */
export async function startSide(name: string): Promise<SideServer> {
  let requests = 0;
  // Whoever keeps connections to it never meets one that it is just closing.
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
