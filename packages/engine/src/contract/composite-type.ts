import type { Static, TSchema } from 'typebox';
import type { Later, PlannedConfig } from './later.ts';

/** The outputs of a child, for its siblings and for the outputs of the composite. */
export interface Handle<Output> {
  output<K extends keyof Output & string>(name: K): Later<Output[K]>;
}

interface Child {
  readonly gates?: readonly string[];
  /** The child is skipped when this is false. */
  readonly when?: Later<boolean>;
}

/** Adds children, which run in the order in which they are added. Quantities are numbers here, as everywhere in a plugin. */
export interface Unfolding {
  step<O extends TSchema>(
    id: string,
    child: Child & { readonly uses: string; readonly outputs?: O; readonly with: unknown },
  ): Handle<Static<O>>;
  /** `for` in milliseconds. */
  hold(id: string, child: Child & { readonly for: number | Later<number> }): void;
  approval(id: string, child: Omit<Child, 'when'> & AskedApproval): void;
  /** Waits until these gates of the file pass, and no others: those of the composite watch its other children. */
  gate(id: string, child: Omit<Child, 'gates'> & { readonly gates: readonly (string | Later<string>)[] }): void;
}

/** A question to people, as the field `approval` of a composite gets it. */
export interface AskedApproval {
  readonly question: string | Later<string>;
  /** `count`: how many people have to approve, default 1. `of`: the groups of the file whose people may; default: anybody. */
  readonly approvers?: {
    readonly count?: number | 'all' | Later<number | 'all'>;
    readonly of?: readonly (string | Later<string>)[];
    readonly except?: readonly (string | Later<string>)[];
    readonly delegates?: readonly (string | Later<string>)[];
  };
  /** A checklist: items, or a Markdown file with `- [ ]` lines. */
  readonly items?: string | readonly (string | Later<string>)[] | Later<string | readonly string[]>;
  /** In milliseconds; default 72 h. */
  readonly timeout?: number | Later<number>;
  readonly 'at-timeout'?: 'reject' | 'approve' | Later<'reject' | 'approve'>;
  /** The question is asked only when this is true. */
  readonly when?: boolean | Later<boolean>;
}

type CompositeOutputs<O extends TSchema> = {
  readonly [K in keyof Static<O>]: Later<Static<O>[K]> | Static<O>[K];
};

/** A composite unfolds into steps when the plan is built. These steps are shown, watched and recorded like any others. */
export interface CompositeType<C extends TSchema = TSchema, O extends TSchema = TSchema> {
  /** One sentence that says what it does. */
  readonly summary: string;
  readonly with: C;
  readonly outputs: O;
  /** Adds the children, and returns the outputs of the composite, made of those of the children. */
  unfold(config: PlannedConfig<C>, into: Unfolding): CompositeOutputs<O>;
  /**
   * Adds the steps that roll the composite back as one unit, instead of the rollbacks of its children. `now`: a critical breach,
   * `rollback --now` or a failed ramp; `staged`: there is time to roll back in stages.
   */
  rollback?(config: PlannedConfig<C>, into: Unfolding, urgency: Urgency): void;
}

/** How fast a composite has to be rolled back; see `rollback`. */
export type Urgency = 'now' | 'staged';

/** Returns its argument unchanged; it exists for the types. */
export const defineComposite = <C extends TSchema, O extends TSchema>(
  composite: CompositeType<C, O>,
): CompositeType<C, O> => composite;
