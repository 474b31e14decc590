import { ADDRCONFIG } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

/**
 * How `$upstream_addr` shows a server that is written as `address` in an upstream: a host name becomes the addresses that it resolves to.
 */
export async function addressesOf(address: string): Promise<readonly string[]> {
  if (address.startsWith('unix:')) return [address];
  const [, host = address, port = '80'] = /^(.+?|\[.+\])(?::([0-9]+))?$/.exec(address) ?? [];
  if (isIP(host.replace(/^\[(.*)\]$/, '$1')) !== 0) return [`${host}:${port}`];
  const found = await lookup(host, { all: true, hints: ADDRCONFIG }).catch(() => []);
  return found.map(({ address: ip, family }) => `${family === 6 ? `[${ip}]` : ip}:${port}`);
}
