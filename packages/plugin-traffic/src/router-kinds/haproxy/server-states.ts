import { percentFromUnits, type SideUnits } from '../units/percent-from-units.ts';
import type { SideWeights } from '../router.ts';

/** A server of a backend, as `show servers state` and a state file tell of it. */
export interface ServerState {
  readonly backend: string;
  readonly name: string;
  readonly url: string;
  /** 0 to 256: the weight it has, and the one of the configuration. */
  readonly weight: number;
  readonly configured: number;
  /** Out of the balancing by `set server … state`, by the configuration, or by what it tracks. */
  readonly away: 'maint' | 'drain' | undefined;
}

/** Reads format 1; none in anything else. Source: HAProxy management guide, "show servers state". */
export function parseServerStates(text: string): readonly ServerState[] {
  const lines = text.split('\n').map((line) => line.trim());
  const header = lines.find((line) => line.startsWith('# '));
  if (header === undefined) return [];
  const columns = header.slice(1).trim().split(' ');
  return lines
    .filter((line) => line.includes(' ') && !line.startsWith('#'))
    .map((line) => {
      const words = line.split(' ');
      return stateFrom((column) => words[columns.indexOf(column)] ?? '');
    });
}

/** The parts of the traffic that the servers have. */
export const weightsOf = (states: readonly ServerState[]): SideWeights => percentFromUnits(unitsOf(states));

const unitsOf = (states: readonly ServerState[]): SideUnits =>
  Object.fromEntries(states.map(({ name, weight, away }) => [name, away === undefined ? weight : 0]));

function stateFrom(column: (name: string) => string): ServerState {
  const address = column('srv_addr');
  return {
    backend: column('be_name'),
    name: column('srv_name'),
    url: `http://${address.includes(':') ? `[${address}]` : address}:${column('srv_port')}`,
    weight: Number(column('srv_uweight')),
    configured: Number(column('srv_iweight')),
    away: awayBy(Number(column('srv_admin_state'))),
  };
}

/** The bits of `srv_admin_state` that take a server out: forced, inherited, configured, unresolved. */
const maintenanceBits = 0x01 | 0x02 | 0x04 | 0x20;
const drainBits = 0x08 | 0x10;

function awayBy(adminState: number): ServerState['away'] {
  if ((adminState & maintenanceBits) !== 0) return 'maint';
  return (adminState & drainBits) === 0 ? undefined : 'drain';
}
