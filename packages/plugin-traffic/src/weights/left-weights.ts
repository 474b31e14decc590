import type { RouterReading, SideWeights, WeightKeeper } from '../routers/router.ts';
import { mayServe } from './division.ts';
import { driftError } from './weights.ts';

/** How a run has left the weights, as its last change recorded it. */
export interface LeftWeights {
  /** The name of the router, which is the same however the file finds it. */
  readonly router: string;
  /** Before the change. */
  readonly weights: SideWeights;
  /** What it asked for. */
  readonly wanted: SideWeights;
  /** The router has confirmed the change: only `wanted` is left. Before that, both are possible. */
  readonly written?: boolean;
}

/** What the run has left at this router: by its latest change there, else by `own`, the state of the step itself. */
export const leftAt = <Left extends LeftWeights>({ name }: WeightKeeper, left: readonly Left[], own?: Left): Left | undefined =>
  left.findLast(({ router }) => router === name) ?? own;

/**
 * Before a change: the weights are as the run has left them. Undefined: the run has not changed them, and any weights are accepted.
 * @throws {StepError} `TRAFFIC_DRIFT`
 */
export function refuseChangeByOthers(router: WeightKeeper, left: LeftWeights | undefined, reading: RouterReading): void {
  if (left === undefined || mayServe(left.wanted, reading)) return;
  if (left.written !== true && mayServe(left.weights, reading)) return;
  throw driftError(router, left.wanted, reading.weights);
}
