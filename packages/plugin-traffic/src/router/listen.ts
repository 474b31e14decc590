import type { AddressInfo, Server } from 'node:net';
import { RouterError } from './router-error.ts';
import type { Address } from './settings/router-settings.ts';

/** Listens and says where, as a URL. @throws RouterError TRAFFIC_ROUTER_NOT_LISTENING */
export function listen(server: Server, { host, port }: Address): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(notListening(`${host}:${port}`, error)));
    server.listen(port, host, () => resolve(urlOf(server.address())));
  });
}

const notListening = (place: string, { message }: Error) =>
  new RouterError(
    'TRAFFIC_ROUTER_NOT_LISTENING',
    `The router cannot listen on ${place}: ${message}.`,
    'End what listens there, give another address, or port 0 for a free one.',
  );

function urlOf(address: AddressInfo | string | null): string {
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port.');
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
}
