import type { Path } from '../../../load/raw-pipeline.ts';
import type { NamesHere } from '../../name-scope.ts';
import type { StepSymbol } from '../../step-symbols.ts';
import type { StepDeclaration } from '../../valid-pipeline.ts';

/** The place of a list of steps. */
export interface ListPlace {
  readonly phase: StepSymbol['phase'];
  /** Missing in the run's own `finally`. */
  readonly stage?: string;
  readonly isParallel: boolean;
  readonly path: Path;
}

/** What a step does, and what follows when it is interrupted. */
export type StepAction = Pick<StepDeclaration, 'action' | 'onLost'>;

/** The place of a step, its name in findings, and the names that its expressions may use. */
export interface StepPlace extends ListPlace {
  readonly subject: string;
  readonly names: NamesHere;
}
