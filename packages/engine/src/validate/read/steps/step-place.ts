import type { Path } from '../../../load/raw-pipeline.ts';
import type { NamesAt } from '../../names-at.ts';
import type { OutlinedStep } from '../../outline.ts';

/** Where a list of steps stands. */
export interface ListPlace {
  readonly phase: OutlinedStep['phase'];
  /** Missing in the run's own `finally`. */
  readonly stage?: string;
  readonly isParallel: boolean;
  readonly path: Path;
}

/** Where a step stands, what it is called in findings, and what its expressions may name. */
export interface StepPlace extends ListPlace {
  readonly subject: string;
  readonly names: NamesAt;
}
