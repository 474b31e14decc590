import type { RouterSide, SideWeights } from '../router.ts';
import { unitsFor, type SideUnits } from '../units.ts';
import type { ServerState } from './server-states.ts';

/** The largest weight of a server. Source: HAProxy configuration manual, "weight". */
export const maximumUnits = 256;

/** What a server without a share does. */
export type AtZero = 'drain' | 'maint';

/** Not a server that is away, unless `at-zero` has put it away: its weight counts only when that ends. */
const isCounted = ({ away, isForced, isBackup }: ServerState, atZero: AtZero): boolean =>
  isBackup !== true && (away === undefined || (atZero === 'maint' && isForced));

/** @param status as HAProxy words it */
export function sideFrom(server: ServerState, atZero: AtZero, status: string | undefined): RouterSide {
  const { name, url, isDown, isBackup, weight, configured } = server;
  const size = weight === 0 ? configured : weight;
  return {
    name,
    url,
    ...(isDown && { down: status ?? 'DOWN' }),
    ...(!isCounted(server, atZero) && { away: isBackup === true ? 'a backup server' : (status ?? 'MAINT') }),
    ...(size > 0 && { size }),
  };
}

/** The weights of the servers, of 0 to 256. */
export interface ServerUnits {
  readonly units: SideUnits;
  /** The servers that count have all of the traffic; a server that is away has its weight for later. */
  readonly isServed: boolean;
}

export function unitsOfServers(servers: readonly ServerState[], weights: SideWeights, atZero: AtZero): ServerUnits {
  const counted = new Set(servers.filter((server) => isCounted(server, atZero)).map(({ name }) => name));
  const now = Object.entries(weights).filter(([name]) => counted.has(name));
  const share = now.reduce((total, [, weight]) => total + weight, 0);
  if (Math.abs(share - 100) > rounding) return { units: unitsFor(weights, maximumUnits), isServed: false };
  const units = unitsFor(Object.fromEntries(now), maximumUnits);
  const sum = Object.values(units).reduce((total, unit) => total + unit, 0);
  const later = (weight: number) => (weight === 0 ? 0 : Math.min(maximumUnits, Math.max(1, Math.round((weight * sum) / 100))));
  const all = Object.entries(weights).map(([name, weight]) => [name, units[name] ?? later(weight)] as const);
  return { units: Object.fromEntries(all), isServed: true };
}

/** Sums of parts of a percent differ by less than this. */
const rounding = 0.001;
