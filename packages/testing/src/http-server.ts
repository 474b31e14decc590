import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Served {
  readonly url: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * A real HTTP server on a free loopback port, closed with its connections at the end of the scope. It says no time: a test has its own, unless
 * it sets the field `date`.
 */
export async function serve(answer: (request: IncomingMessage, response: ServerResponse) => unknown): Promise<Served> {
  const server = createServer((request, response) => {
    response.sendDate = false;
    void answer(request, response);
  });
  return { url: await listenLocally(server), [Symbol.asyncDispose]: () => closeServer(server) };
}

/** Lets a server listen on a free loopback port, and returns its URL. */
export async function listenLocally(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Closes a server that listens, with its connections. */
export async function closeServer(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}
