import type { Static, TSchema } from 'typebox';
import type { Later, PlannedConfig } from './later.ts';

/** A child's outputs, for its siblings and for the composite's own outputs. */
export interface Handle<Output> {
  output<K extends keyof Output & string>(name: K): Later<Output[K]>;
}

interface Child {
  readonly gates?: readonly string[];
  /** Skipped when this turns out false. */
  readonly when?: Later<boolean>;
}

/** Children run in the order in which they are added. Quantities are numbers here, as everywhere in a plugin. */
export interface Unfolding {
  step<O extends TSchema>(
    id: string,
    child: Child & { readonly uses: string; readonly outputs?: O; readonly with: unknown },
  ): Handle<Static<O>>;
  /** `for` in milliseconds. */
  hold(id: string, child: Child & { readonly for: number | Later<number> }): void;
  approval(id: string, child: Child & { readonly ask: string | Later<string> }): void;
}

type CompositeOutputs<O extends TSchema> = {
  readonly [K in keyof Static<O>]: Later<Static<O>[K]> | Static<O>[K];
};

/** Unfolds into steps when the plan is built; they are seen, watched and recorded like any other. */
export interface CompositeType<C extends TSchema = TSchema, O extends TSchema = TSchema> {
  /** One sentence: what it does. */
  readonly summary: string;
  readonly with: C;
  readonly outputs: O;
  /** Adds its children, and says which of their outputs are its own. */
  unfold(config: PlannedConfig<C>, into: Unfolding): CompositeOutputs<O>;
  /**
   * Undoes the composite as one, in place of its children's own rollbacks. `now`: a critical breach, `abort --now` or a failed ramp;
   * `staged`: there is time to go back in steps.
   */
  rollback?(config: PlannedConfig<C>, into: Unfolding, urgency: Urgency): void;
}

/** How fast a composite has to be taken back; see `undo`. */
export type Urgency = 'now' | 'staged';

/** Types a composite; gives back what it got. */
export const defineComposite = <C extends TSchema, O extends TSchema>(
  composite: CompositeType<C, O>,
): CompositeType<C, O> => composite;
