import type { Static, TSchema } from 'typebox';
import type { ProbeContext, ReadContext, RunContext, UndoContext } from './context.ts';
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
  /** What `saveState` records before the effect. Without it a step that can be undone counts as done from the moment it began. */
  readonly state?: S;
  /** Read-only, before anything starts. */
  verify?(config: PlannedConfig<C>, context: ReadContext): Promise<readonly Finding[]>;
  /** Read-only: what `run` would change. */
  preview?(config: PlannedConfig<C>, context: ReadContext): Promise<Preview>;
  /** The effect, saved before it is made. May be called again after a crash or a failure: see `onLost` and `context.attempt`. */
  run(config: Static<C>, context: RunContext<Static<S>>): Promise<Static<O>>;
  /** For what goes on working after `run` has ended: a service, a rule, a lock. */
  readonly release?: Release<C, O, S>;
}

/** From the shortest to the longest. */
export const releaseScopes = ['step', 'stage', 'run'] as const;
/** `step`: as soon as the step has ended. `stage`: when its stage is over, with its `finally`. `run`: last of all. */
export type ReleaseScope = (typeof releaseScopes)[number];

/**
 * Stops what `run` started, whatever happened since: a success, a failure, a rollback or a crash. It is no rollback: what was changed for
 * good stays. Called for every step that may have acted, by the rule that says what is undone.
 */
interface Release<C extends TSchema, O extends TSchema, S extends TSchema> {
  readonly scope: ReleaseScope;
  /** May be called again after a crash or a failure: releasing twice is releasing once. */
  release(config: Static<C>, context: UndoContext<Static<S>, Static<O>>): Promise<void>;
}

/** What happens to a step that was in flight when its process died. `retry` says: running it again is harmless. */
type WhenLost<C extends TSchema, O extends TSchema, S extends TSchema> =
  | {
      readonly onLost: 'probe';
      probe(config: Static<C>, context: ProbeContext<Static<S>>): Promise<Probe<Static<O>>>;
    }
  | { readonly onLost: 'retry' | 'ask' };

/** `nothing`: there is nothing to undo. `impossible`: the run never rolls back across it by itself. */
type Undo<C extends TSchema, O extends TSchema, S extends TSchema> =
  | {
      readonly undo: 'automatic';
      /** May be called again after a crash or a failure: undoing twice is undoing once. */
      rollback(config: Static<C>, context: UndoContext<Static<S>, Static<O>>): Promise<void>;
    }
  | {
      /** A person undoes it: the run asks for that on the way back, and goes on when `confirm` sees that it is so. */
      readonly undo: 'assisted';
      /** The exact thing to do, in the words of whoever has to do it: where, what, and why. Read-only; called anew for each question. */
      instruct(config: Static<C>, context: UndoContext<Static<S>, Static<O>>): Promise<string>;
      /** Read-only: is it undone? Asked first of all, and after each answer. A text says what is seen instead. */
      confirm(config: Static<C>, context: UndoContext<Static<S>, Static<O>>): Promise<boolean | string>;
    }
  | { readonly undo: 'nothing' | 'impossible' };

/** What a step type does, in one place: its schemas, its functions, and what happens after a crash and on the way back. */
export type StepType<
  C extends TSchema = TSchema,
  O extends TSchema = TSchema,
  S extends TSchema = TSchema,
> = StepBase<C, O, S> & WhenLost<C, O, S> & Undo<C, O, S>;

/** Types a step type; gives back what it got. */
export const defineStep = <C extends TSchema, O extends TSchema, S extends TSchema>(
  step: StepType<C, O, S>,
): StepType<C, O, S> => step;
