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
  const states: ServerState[] = [];
  mapServerStates(text, (column) => {
    states.push(stateFrom(column));
    return {};
  });
  return states;
}

/** The same text, with other values for some columns of a server. */
export function mapServerStates(text: string, change: (column: (name: string) => string) => Readonly<Record<string, string>>): string {
  const lines = text.split('\n');
  const columns = lines.find((line) => line.startsWith('# '))?.slice(1).trim().split(' ');
  if (columns === undefined) return text;
  const changed = lines.map((line) => {
    if (line.startsWith('#') || !line.trim().includes(' ')) return line;
    const words = line.trim().split(' ');
    const others = change((name) => words[columns.indexOf(name)] ?? '');
    return words.map((word, n) => others[columns[n] ?? ''] ?? word).join(' ');
  });
  return changed.join('\n');
}

/** The parts of the traffic that the servers have. */
export const weightsOf = (states: readonly ServerState[]): SideWeights => percentFromUnits(unitsOf(states));

/** Another text after every change of a weight or of who is out of the balancing. */
export const revisionOf = (servers: readonly ServerState[]): string => servers.map(({ name, weight, away = '' }) => `${name}=${weight}${away}`).join(' ');

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

/** The bits of `srv_admin_state` that `set server … state` sets and takes away. */
export const forcedBits = { maintenance: 0x01, drain: 0x08 };

/** The bits of `srv_admin_state` that take a server out: forced, inherited, configured, unresolved. */
const maintenanceBits = forcedBits.maintenance | 0x02 | 0x04 | 0x20;
const drainBits = forcedBits.drain | 0x10;

function awayBy(adminState: number): ServerState['away'] {
  if ((adminState & maintenanceBits) !== 0) return 'maint';
  return (adminState & drainBits) === 0 ? undefined : 'drain';
}
