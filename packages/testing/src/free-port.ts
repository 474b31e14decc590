import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the range that systems assign, so that no `listen(0)` takes the port before the server does. */
const lowest = 20_000;
const count = 10_000;

const assigned = new Set<number>();

/** A loopback port on which nothing listens; each is returned only once. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = lowest + Math.floor(Math.random() * count);
    if (assigned.has(port) || !(await isFree(port))) continue;
    assigned.add(port);
    return port;
  }
  throw new Error(`No free port was found between ${lowest} and ${lowest + count}.`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
