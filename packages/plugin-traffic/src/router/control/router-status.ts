import type { SideTotals } from '../data-path/side-counts.ts';
import type { RunningState, WeightState } from '../state/router-state.ts';

/** Answer of `GET /v1/status`. */
export interface RouterStatus extends WeightState, RunningState {
  readonly sides: Readonly<Record<string, SideStatus>>;
  /** Requests refused before they were given to a side, by status code. */
  readonly refused: Readonly<Record<string, number>>;
  readonly failovers: number;
}

export interface SideStatus {
  readonly url: string;
  readonly weight: number;
  readonly health: 'unknown' | 'healthy' | 'unhealthy';
  readonly healthBecause?: string;
  readonly inFlight: number;
  readonly sinceStart: SideTotals;
  /** `assigned` here is the share really given under the present weights. */
  readonly sinceWeightChange: SideTotals;
}

/** Answer of `POST /v1/drain/<side>`. */
export interface DrainAnswer {
  readonly side: string;
  readonly isDrained: boolean;
  readonly inFlight: number;
}
