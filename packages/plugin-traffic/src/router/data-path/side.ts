import type { SideHealth } from '../health-check.ts';
import type { Origin } from './origin.ts';
import { SideCounts } from './side-counts.ts';
import { UpstreamPool } from './upstream-pool.ts';

/** One of the sides that traffic is divided between. */
export class Side {
  readonly name: string;
  readonly origin: Origin;
  readonly counts = new SideCounts();
  readonly pool: UpstreamPool;
  health: SideHealth = { state: 'unknown', streak: 0 };

  constructor(name: string, origin: Origin) {
    this.name = name;
    this.origin = origin;
    this.pool = new UpstreamPool(origin);
  }
}
