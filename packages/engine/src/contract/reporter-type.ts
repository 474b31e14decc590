import type { Static, TSchema } from 'typebox';
import type { ReadContext } from './context.ts';
import type { Finding } from './finding.ts';
import type { PlannedConfig } from './later.ts';
import type { ReportedEvent } from './reported-event.ts';

/** Tells somebody outside how runs go. What it does never changes how a run ends. */
export interface ReporterType<C extends TSchema = TSchema> {
  /** One sentence: whom it tells what. */
  readonly summary: string;
  readonly with: C;
  /** Read-only, before anything starts. */
  verify?(config: PlannedConfig<C>, context: ReadContext): Promise<readonly Finding[]>;
  /**
   * Called each time a process ends its part of a run (it is over, parked, frozen or stopped), with everything that happened since the run
   * began. A later call knows all that an earlier one knew, so whatever it tells has to replace what it told of this run before: telling
   * twice is telling once. It has 10 seconds, 2 where the process was told to end; then `signal` is aborted, and nobody waits any more.
   */
  report(config: Static<C>, events: readonly ReportedEvent[], context: ReadContext): Promise<void>;
}

/** Types a reporter; gives back what it got. */
export const defineReporter = <C extends TSchema>(reporter: ReporterType<C>): ReporterType<C> => reporter;
