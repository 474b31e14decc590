import type { Static, TSchema } from 'typebox';
import type { ReadContext } from './context.ts';
import type { Finding } from './finding.ts';
import type { PlannedConfig } from './later.ts';

/** A group type knows the people of a group, e.g. of a team or a roster. */
export interface GroupType<C extends TSchema = TSchema> {
  /** One sentence that says whose people it returns. */
  readonly summary: string;
  readonly with: C;
  /** Read-only, before anything starts. */
  verify?(config: PlannedConfig<C>, context: ReadContext): Promise<readonly Finding[]>;
  /**
   * Read-only. The people who are in the group now, by the names with which they answer: that of the CI system, of `--as`, or of the
   * operating system. Called when a question is asked and again when somebody answers. Throw a `StepError` when nobody can tell: then nobody
   * can approve.
   */
  members(config: Static<C>, context: ReadContext): Promise<readonly string[]>;
}

/** Returns its argument unchanged; it exists for the types. */
export const defineGroup = <C extends TSchema>(group: GroupType<C>): GroupType<C> => group;
