import type { RouterReading, RouterSide, SideWeights } from '../routers/router.ts';

/** The servers of the sides that are several, by the name of the side. */
export type Groups = ReadonlyMap<string, readonly string[]>;

/**
 * The weights of the servers, those of a side one after the other: together they have its share, and their proportions stay. A server
 * whose weight does not count gets what it is to have when it counts again, in addition.
 */
export function dividedAmong(groups: Groups, weights: SideWeights, reading: RouterReading | undefined): SideWeights {
  const parts = Object.entries(weights).flatMap(([name, share]) => {
    const servers = groups.get(name);
    return servers === undefined ? [[name, share] as const] : shares(share, servers, reading);
  });
  return Object.fromEntries(parts);
}

function shares(share: number, names: readonly string[], reading: RouterReading | undefined): readonly (readonly [string, number])[] {
  const servers = names.map((name) => reading?.sides.find((side) => side.name === name) ?? { name, url: '' });
  const sizes = sizesOf(servers, reading);
  const isCounted = ({ away }: RouterSide) => away === undefined || servers.every((server) => server.away !== undefined);
  const sum = servers.reduce((total, server, n) => total + (isCounted(server) ? (sizes[n] ?? 0) : 0), 0);
  return servers.map(({ name }, n) => [name, (share * (sizes[n] ?? 0)) / sum]);
}

/**
 * The proportions of servers: their weights, where the side has a share, so that a server without one keeps none; else how large the router
 * says they are, or all the same.
 */
function sizesOf(servers: readonly RouterSide[], reading: RouterReading | undefined): readonly number[] {
  const largeness = servers.map(({ size }) => size ?? 0);
  const sizes = largeness.every((size) => size > 0) ? largeness : servers.map(() => 1);
  const present = servers.map(({ name }) => reading?.weights[name] ?? 0);
  const sum = present.reduce((total, weight) => total + weight, 0);
  if (sum === 0) return sizes;
  const sizeOfCounted = servers.reduce((total, _, n) => total + ((present[n] ?? 0) > 0 ? (sizes[n] ?? 0) : 0), 0);
  return servers.map(({ away }, n) => (away === undefined ? (present[n] ?? 0) : (sum * (sizes[n] ?? 0)) / sizeOfCounted));
}
