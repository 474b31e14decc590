import type { Static, TSchema } from 'typebox';
import type { ProbeContext, ReadContext, RunContext, RollbackContext } from './context.ts';
import type { Finding, Preview } from './finding.ts';
import type { PlannedConfig } from './later.ts';

/** The answer to "is this already so?". */
export type Probe<Output> =
  | { readonly found: 'done'; readonly output: Output }
  | { readonly found: 'not-done' }
  | { readonly found: 'partly' | 'conflict' | 'unknown'; readonly detail: string };

interface StepBase<C extends TSchema, O extends TSchema, S extends TSchema> {
  /** One sentence: what it does. */
  readonly summary: string;
  readonly with: C;
  readonly outputs: O;
  /** What `saveState` records before the effect. Without it a step that can be rolled back counts as done from the moment it started. */
  readonly state?: S;
  /** Read-only, before anything starts. */
  verify?(config: PlannedConfig<C>, context: ReadContext): Promise<readonly Finding[]>;
  /** Read-only: what `run` would change. */
  preview?(config: PlannedConfig<C>, context: ReadContext): Promise<Preview>;
  /** The effect, saved before it is made. May be called again after a crash or a failure: see `onLost` and `context.attempt`. */
  run(config: Static<C>, context: RunContext<Static<S>>): Promise<Static<O>>;
  /** For what goes on working after `run` has ended: a service, a rule, a lock. */
  readonly teardown?: Teardown<C, O, S>;
}

/** From the shortest to the longest. */
export const teardownScopes = ['step', 'stage', 'run'] as const;
/** `step`: as soon as the step has ended. `stage`: when its stage is over, with its `finally`. `run`: last of all. */
export type TeardownScope = (typeof teardownScopes)[number];

/**
 * Stops what `run` started, whatever happened since: a success, a failure, a rollback or a crash. Unlike a rollback it leaves what was
 * changed for good. Called for every step that may have acted, by the rule that says what is rolled back.
 */
interface Teardown<C extends TSchema, O extends TSchema, S extends TSchema> {
  readonly scope: TeardownScope;
  /** May be called again after a crash or a failure: tearing down twice is tearing down once. */
  run(config: Static<C>, context: RollbackContext<Static<S>, Static<O>>): Promise<void>;
}

/** What happens to a step that was in flight when its process died. `retry` says: running it again is harmless. */
type WhenLost<C extends TSchema, O extends TSchema, S extends TSchema> =
  | {
      readonly onLost: 'probe';
      probe(config: Static<C>, context: ProbeContext<Static<S>>): Promise<Probe<Static<O>>>;
    }
  | { readonly onLost: 'retry' | 'ask' };

/** The step type rolls back by itself. */
export interface AutomaticRollback<C extends TSchema = TSchema, O extends TSchema = TSchema, S extends TSchema = TSchema> {
  /** May be called again after a crash or a failure: rolling back twice is rolling back once. */
  run(config: Static<C>, context: RollbackContext<Static<S>, Static<O>>): Promise<void>;
  /** It gives traffic back to what served before, so it never waits for other rollbacks to make room; default false. */
  readonly restoresTraffic?: true;
}

/** A person rolls back: the run asks for it during a rollback, and continues when `confirm` sees that it is done. */
export interface AssistedRollback<C extends TSchema = TSchema, O extends TSchema = TSchema, S extends TSchema = TSchema> {
  /** Says exactly what to do, for the person who has to do it: where, what, and why. Read-only; called again for each question. */
  instruct(config: Static<C>, context: RollbackContext<Static<S>, Static<O>>): Promise<string>;
  /** Read-only: is it rolled back? Called before the first question, and after each answer. A string says what is seen instead. */
  confirm(config: Static<C>, context: RollbackContext<Static<S>, Static<O>>): Promise<boolean | string>;
}

/** `nothing`: there is nothing to roll back. `impossible`: a run never rolls back across it by itself. */
interface Rollback<C extends TSchema, O extends TSchema, S extends TSchema> {
  readonly rollback: AutomaticRollback<C, O, S> | AssistedRollback<C, O, S> | 'nothing' | 'impossible';
}

export const isAutomatic = <R extends object>(rollback: R | string): rollback is Extract<R, AutomaticRollback> => typeof rollback === 'object' && 'run' in rollback;
export const isAssisted = <R extends object>(rollback: R | string): rollback is Extract<R, AssistedRollback> => typeof rollback === 'object' && 'instruct' in rollback;

/** How steps of a type are rolled back, in a word that a plan can hold. */
export type RollbackKind = 'automatic' | 'assisted' | 'nothing' | 'impossible';
export const rollbackKindOf = ({ rollback }: Pick<StepType, 'rollback'>): RollbackKind =>
  typeof rollback === 'string' ? rollback : isAutomatic(rollback) ? 'automatic' : 'assisted';

/** What a step type does, in one place: its schemas, its functions, and what happens after a crash and in a rollback. */
export type StepType<
  C extends TSchema = TSchema,
  O extends TSchema = TSchema,
  S extends TSchema = TSchema,
> = StepBase<C, O, S> & WhenLost<C, O, S> & Rollback<C, O, S>;

/** Types a step type; gives back what it got. */
export const defineStep = <C extends TSchema, O extends TSchema, S extends TSchema>(
  step: StepType<C, O, S>,
): StepType<C, O, S> => step;
