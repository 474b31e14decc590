import type { Static, TSchema } from 'typebox';
import type { AutomaticRollbackContext, ProbeContext, ReadContext, RunContext, RollbackContext } from './context.ts';
import type { Finding, Preview } from './finding.ts';
import type { PlannedConfig } from './later.ts';

/** The answer to "is it already done?". */
export type Probe<Output> =
  | { readonly found: 'done'; readonly output: Output }
  | { readonly found: 'not-done' }
  | { readonly found: 'partly' | 'conflict' | 'unknown'; readonly detail: string };

interface StepBase<C extends TSchema, O extends TSchema, S extends TSchema> {
  /** One sentence that says what it does. */
  readonly summary: string;
  readonly with: C;
  readonly outputs: O;
  /**
   * The state that `saveState` records before the effect. Without it, a step that can be rolled back counts as having acted once it has
   * started.
   */
  readonly state?: S;
  /**
   * Names of fields of `state` that say together what was changed. States in which they are equal are about the same thing: `context.left` has
   * the last of them. Save what the step has found out, e.g. a full address, and not what was written in the file.
   */
  readonly target?: readonly string[];
  /** Read-only, before anything starts. */
  verify?(config: PlannedConfig<C>, context: ReadContext): Promise<readonly Finding[]>;
  /** Read-only. Describes the change that `run` would make. */
  preview?(config: PlannedConfig<C>, context: ReadContext): Promise<Preview>;
  /**
   * Of a step that divides traffic: the percentage that the candidate has after it; undefined while that is not known. At 100 the old version
   * has no traffic, so that gates no longer compare with it.
   */
  candidateShare?(config: PlannedConfig<C>): number | undefined;
  /** Saves its state, then acts. May be called again after a crash or a failure: see `onLost` and `context.attempt`. */
  run(config: Static<C>, context: RunContext<Static<S>>): Promise<Static<O>>;
  /** For a service, a rule or a lock that is still in effect after `run` has ended. */
  readonly teardown?: Teardown<C, O, S>;
}

/** Ordered from the shortest to the longest. */
export const teardownScopes = ['step', 'stage', 'run'] as const;
/** `step`: as soon as the step has ended. `stage`: when its stage is over, with its `finally`. `run`: last of all. */
export type TeardownScope = (typeof teardownScopes)[number];

/**
 * A teardown stops what `run` started, whatever happened since: a success, a failure, a rollback or a crash. Unlike a rollback it keeps
 * permanent changes. It is called for every step that may have acted, by the same rule as a rollback.
 */
interface Teardown<C extends TSchema, O extends TSchema, S extends TSchema> {
  readonly scope: TeardownScope;
  /** May be called again after a crash or a failure; a second call must change nothing. */
  run(config: Static<C>, context: RollbackContext<Static<S>, Static<O>>): Promise<void>;
}

/** What happens to a step that was in flight when its process died. `retry` means that running it again is harmless. */
type WhenLost<C extends TSchema, O extends TSchema, S extends TSchema> =
  | {
      readonly onLost: 'probe';
      probe(config: Static<C>, context: ProbeContext<Static<S>>): Promise<Probe<Static<O>>>;
    }
  | { readonly onLost: 'retry' | 'ask' };

/** The step type rolls back by itself. */
export interface AutomaticRollback<C extends TSchema = TSchema, O extends TSchema = TSchema, S extends TSchema = TSchema> {
  /** May be called again after a crash or a failure; a second call must change nothing. */
  run(config: Static<C>, context: AutomaticRollbackContext<Static<S>, Static<O>>): Promise<void>;
  /** It returns traffic to the previous version: it never waits until fewer rollbacks run. Missing: it may have to wait. */
  readonly restoresTraffic?: true;
}

/** A person rolls back. The run asks for it, and continues when `confirm` returns true. */
export interface AssistedRollback<C extends TSchema = TSchema, O extends TSchema = TSchema, S extends TSchema = TSchema> {
  /** Returns the exact instructions for the person: the place, the task and the reason. Read-only; called again for each question. */
  instruct(config: Static<C>, context: RollbackContext<Static<S>, Static<O>>): Promise<string>;
  /**
   * Whether it is rolled back; a string describes the present state instead of false. Read-only; called before the first question and
   * after each answer.
   */
  confirm(config: Static<C>, context: RollbackContext<Static<S>, Static<O>>): Promise<boolean | string>;
}

/** `nothing`: there is nothing to roll back. `impossible`: a run never rolls back across this step by itself. */
interface Rollback<C extends TSchema, O extends TSchema, S extends TSchema> {
  readonly rollback: AutomaticRollback<C, O, S> | AssistedRollback<C, O, S> | 'nothing' | 'impossible';
}

export const isAutomatic = <R extends object>(rollback: R | string): rollback is Extract<R, AutomaticRollback> => typeof rollback === 'object' && 'run' in rollback;
export const isAssisted = <R extends object>(rollback: R | string): rollback is Extract<R, AssistedRollback> => typeof rollback === 'object' && 'instruct' in rollback;

/** How steps of a type are rolled back, as a word for the plan. */
export type RollbackKind = 'automatic' | 'assisted' | 'nothing' | 'impossible';
export const rollbackKindOf = ({ rollback }: Pick<StepType, 'rollback'>): RollbackKind =>
  typeof rollback === 'string' ? rollback : isAutomatic(rollback) ? 'automatic' : 'assisted';

/** A step type: its schemas, its functions, and what happens after a crash and in a rollback. */
export type StepType<
  C extends TSchema = TSchema,
  O extends TSchema = TSchema,
  S extends TSchema = TSchema,
> = StepBase<C, O, S> & WhenLost<C, O, S> & Rollback<C, O, S>;

/** Returns its argument unchanged; it exists for the types. */
export const defineStep = <C extends TSchema, O extends TSchema, S extends TSchema>(
  step: StepType<C, O, S>,
): StepType<C, O, S> => step;
