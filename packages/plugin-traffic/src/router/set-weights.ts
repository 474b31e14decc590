import type { RouterStatus } from './control/router-status.ts';
import { askRouter } from './find-router.ts';
import type { Weights } from './weights.ts';

/**
 * Sets the weights, whoever set them before: for a person. A side may be named by its URL.
 * @returns what the router says afterwards
 * @throws RouterError TRAFFIC_ROUTER_NOT_REACHED when none answers, TRAFFIC_ROUTER_WEIGHTS_INVALID
 */
export async function setWeights(stateFile: string, weights: Weights): Promise<RouterStatus> {
  const { client, status } = await askRouter(stateFile);
  const nameOf = (side: string): string => Object.entries(status.sides).find(([, { url }]) => url === side)?.[0] ?? side;
  await client.setWeights(Object.fromEntries(Object.entries(weights).map(([side, weight]) => [nameOf(side), weight])));
  return client.readStatus();
}
