import type { Origin } from '../data-path/origin.ts';
import type { Timeouts } from '../data-path/timeouts.ts';
import type { HealthCheck } from '../health-check.ts';
import type { Weights } from '../weights.ts';

/** Everything a router is told when it starts. */
export interface RouterSettings {
  readonly listen: Address;
  /** Loopback only. */
  readonly control: Address;
  /** By name, in the order given; at least one. */
  readonly sides: ReadonlyMap<string, Origin>;
  /** For the first start; afterwards the state file knows better. */
  readonly initialWeights: Weights;
  /** Use `initialWeights` whatever the state file says. */
  readonly resetsWeights: boolean;
  readonly stateFile: string;
  /** Default: the state file's name with `.token` behind it. */
  readonly tokenFile: string;
  readonly health: HealthCheck;
  readonly timeouts: Timeouts;
  readonly failover: boolean;
}

/** An IP address or `localhost`, and a port; 0 takes a free one. */
export interface Address {
  readonly host: string;
  readonly port: number;
}
