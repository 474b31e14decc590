import type { Static, TSchema } from 'typebox';
import type { ReadContext } from './context.ts';
import type { Finding } from './finding.ts';
import type { PlannedConfig } from './later.ts';
import type { ReportedEvent } from './reported-event.ts';

/** A reporter sends the events of runs to another system. It never changes how a run ends. */
export interface ReporterType<C extends TSchema = TSchema> {
  /** One sentence that says what it reports, and where. */
  readonly summary: string;
  readonly with: C;
  /** Read-only, before anything starts. */
  verify?(config: PlannedConfig<C>, context: ReadContext): Promise<readonly Finding[]>;
  /**
   * Called each time a process ends its part of a run (the run is over, parked, paused or interrupted), with every event since the run started.
   * A later call includes the events of the earlier ones, so each report has to replace the previous report of the same run: reporting twice
   * must have no effect. It has 10 seconds, or 2 when a signal asked the process to end; then `signal` is aborted, and relpipe no longer waits.
   */
  report(config: Static<C>, events: readonly ReportedEvent[], context: ReadContext): Promise<void>;
}

/** Returns its argument unchanged; it exists for the types. */
export const defineReporter = <C extends TSchema>(reporter: ReporterType<C>): ReporterType<C> => reporter;
