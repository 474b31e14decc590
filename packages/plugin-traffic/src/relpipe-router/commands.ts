import { setTimeout as sleep } from 'node:timers/promises';
import type { SideWeights } from '../routers/router.ts';
import { askRouter } from './connect-router.ts';
import type { RouterStatus, SideStatus } from './control/control-api.ts';
import { RouterError } from './router-error.ts';
import { lockState } from './state/state-file.ts';

/**
 * `relpipe-router stop`: asks the router on the state file to finish the requests in flight and to exit, and resolves when it has exited:
 * another one can start then.
 * @throws RouterError TRAFFIC_ROUTER_NOT_REACHED when none answers, else the router's own error
 */
export async function stopRouter(stateFile: string): Promise<void> {
  const { client } = await askRouter(stateFile);
  await client.stop();
  while (isHeld(stateFile)) await sleep(pollMs);
}

/** The lock ends with the process, also when it is killed. */
function isHeld(stateFile: string): boolean {
  try {
    lockState(stateFile, undefined).release();
    return false;
  } catch (error) {
    if (error instanceof RouterError) return true;
    throw error;
  }
}

const pollMs = 50;

/**
 * `relpipe-router set`: sets the weights for a person, also over somebody else's change. A side may be named by its URL.
 * @returns what the router reports afterwards
 * @throws RouterError TRAFFIC_ROUTER_NOT_REACHED when none answers, TRAFFIC_ROUTER_WEIGHTS_INVALID
 */
export async function setWeights(stateFile: string, weights: SideWeights): Promise<RouterStatus> {
  const { client, status } = await askRouter(stateFile);
  const nameOf = (side: string): string => Object.entries(status.sides).find(([, { url }]) => url === side)?.[0] ?? side;
  await client.setWeights(Object.fromEntries(Object.entries(weights).map(([side, weight]) => [nameOf(side), weight])));
  return client.readStatus();
}

/** `relpipe-router status`: where the router listens, then a line per side. */
export function printStatus({ listen, control, pid, startedAt, sides }: RouterStatus): string {
  const rows = Object.entries(sides).map(([name, side]) => [
    name,
    `${side.weight} %`,
    healthOf(side),
    `${side.inFlight} in flight`,
    side.url,
  ]);
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`);
  return [`${listen}  (process ${pid} since ${startedAt}, control ${control})`, ...lines].join('\n');
}

const healthOf = ({ health, healthBecause }: SideStatus) => (healthBecause === undefined ? health : `${health}: ${healthBecause}`);
