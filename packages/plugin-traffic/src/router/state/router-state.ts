import type { Testers } from '../../router-kinds/router.ts';
import type { Weights } from '../weights.ts';

/** What the state file holds. `running` is there while a router lives, and makes the file the sign of readiness. */
export interface RouterState extends WeightState {
  readonly format: 1;
  /** URL per side. */
  readonly sides: Readonly<Record<string, string>>;
  readonly running: RunningState | null;
}

export interface WeightState {
  readonly weights: Weights;
  /** Counts the changes; the first weights are generation 1. */
  readonly generation: number;
  /** ISO 8601, UTC. */
  readonly changedAt: string;
  /** Absent: nobody. Who they are changes no weight, and no generation. */
  readonly testers?: Testers;
}

export interface RunningState {
  readonly pid: number;
  readonly version: string;
  readonly startedAt: string;
  /** Where clients connect, e.g. `http://127.0.0.1:8080`. */
  readonly listen: string;
  readonly control: string;
  /** Absent when the token came from the environment. */
  readonly tokenFile?: string;
}
