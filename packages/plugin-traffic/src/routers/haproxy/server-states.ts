import { StepError } from 'relpipe/plugin';
import type { SideWeights } from '../router.ts';
import { percentFromUnits, type SideUnits } from '../units.ts';

/** A server of a backend, as `show servers state` and a state file describe it. */
export interface ServerState {
  readonly backend: string;
  readonly name: string;
  readonly url: string;
  /** 0 to 256: the weight it has, and the weight in the configuration. */
  readonly weight: number;
  readonly configured: number;
  /** Excluded from balancing by `set server … state`, by a server it tracks, or because its name has no address. */
  readonly away: 'maint' | 'drain' | undefined;
  /** Whether `set server … state ready` ends that. */
  readonly isForced: boolean;
  /** It gets no requests by itself, and may get some again by itself: its health checks fail, or its name has no address. */
  readonly isDown: boolean;
  /** Served only while no other server is. Not in `show servers state`, so absent in a state file. */
  readonly isBackup?: boolean;
}

/** Reads format 1; empty for anything else. Source: HAProxy management guide, "show servers state". */
export function parseServerStates(text: string): readonly ServerState[] {
  const states: ServerState[] = [];
  mapServerStates(text, (column) => {
    states.push(stateFrom(column));
    return {};
  });
  return states;
}

/** The same text, with other values in some columns of a server. */
function mapServerStates(text: string, change: (column: (name: string) => string) => Readonly<Record<string, string>>): string {
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

function stateFrom(column: (name: string) => string): ServerState {
  const address = column('srv_addr');
  const admin = Number(column('srv_admin_state'));
  const away = awayBy(admin);
  return {
    backend: column('be_name'),
    name: column('srv_name'),
    url: `http://${address.includes(':') ? `[${address}]` : address}:${column('srv_port')}`,
    weight: Number(column('srv_uweight')),
    configured: Number(column('srv_iweight')),
    away,
    isForced: (admin & (maintenanceBits | drainBits) & ~(forcedBits.maintenance | forcedBits.drain)) === 0,
    isDown: (admin & unresolved) !== 0 || (away === undefined && [stopped, stopping].includes(column('srv_op_state'))),
  };
}

function awayBy(adminState: number): ServerState['away'] {
  if ((adminState & maintenanceBits) !== 0) return 'maint';
  return (adminState & drainBits) === 0 ? undefined : 'drain';
}

/** The bits of `srv_admin_state` that `set server … state` sets and clears. */
const forcedBits = { maintenance: 0x01, drain: 0x08 };

/**
 * The bits of `srv_admin_state` that exclude a server: forced, inherited, unresolved. Not 0x04, which stays when a server that is
 * configured as `disabled` is made ready.
 */
const unresolved = 0x20;
const maintenanceBits = forcedBits.maintenance | 0x02 | unresolved;
const drainBits = forcedBits.drain | 0x10;

/** The shares of the traffic that the servers have. */
export const weightsOf = (states: readonly ServerState[]): SideWeights =>
  percentFromUnits(
    Object.fromEntries(states.map(({ name, weight, away, isBackup }) => [name, away === undefined && isBackup !== true ? weight : 0])),
  );

/** Different after every change of a weight, or of a server's exclusion from balancing. */
export const revisionOf = (servers: readonly ServerState[]): string =>
  servers.map(({ name, weight, away = '' }) => `${name}=${weight}${away}`).join(' ');

/**
 * Saved states in which the servers of a backend have other weights, and nothing else has changed. With `maint`, servers without a share
 * are put into maintenance, and servers with a share are taken out of it, as `set server … state` does.
 */
export function withUnits(states: string, backend: string, units: SideUnits, atZero: 'drain' | 'maint'): string {
  return mapServerStates(states, (column) => {
    if (column('be_name') !== backend) return {};
    const unit = units[column('srv_name')] ?? 0;
    const admin = Number(column('srv_admin_state'));
    const weight = { srv_uweight: String(unit) };
    if (atZero !== 'maint') return weight;
    if (unit === 0) return { ...weight, srv_admin_state: String(admin | forcedBits.maintenance), srv_op_state: stopped };
    const isForced = (admin & (forcedBits.maintenance | forcedBits.drain)) !== 0;
    return isForced
      ? { ...weight, srv_admin_state: String(admin & ~(forcedBits.maintenance | forcedBits.drain)), srv_op_state: running }
      : weight;
  });
}

/** `srv_op_state`; HAProxy management guide, "show servers state". */
const stopped = '0';
const running = '2';
const stopping = '3';

/** A server that is to get traffic, and gets none until somebody changes its state. */
export const notReady = ({ backend, name, away, isForced }: Pick<ServerState, 'backend' | 'name' | 'away' | 'isForced'>) =>
  new StepError(
    'TRAFFIC_HAPROXY_NOT_READY',
    `The server ${backend}/${name} of HAProxy should get traffic, but ${
      isForced ? `somebody has put it into the state ${away}` : `it has the state ${away} from a server that it tracks`
    }.`,
    {
      hint: isForced
        ? `Find out why; then send \`set server ${backend}/${name} state ready\` to its Runtime API, and run the release again.`
        : 'Make the server ready that it tracks, then run the release again.',
    },
  );
