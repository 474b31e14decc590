import type { Json, Mode, Outcome, StepEnd, Urgency } from '../../contract/index.ts';
import type { Ms } from '../../model/ms.ts';
import type { GroupKey, StepKey } from '../../plan/plan.ts';
import type { DeliveryEnd } from '../../model/notify.ts';
import type { Failure } from './failure.ts';
import type { AskOp, Op, OpKey } from './operation.ts';

/** A rollback unit is rolled back as a whole: a step, or a group with rollback steps of its own. */
type Unit = StepKey | GroupKey;

/** The run changes its mode. */
export interface Transition {
  readonly to: Mode;
  readonly because: string;
  /** Of `rollback`; default `staged`. */
  readonly urgency?: Urgency;
  /** Of `finally`: a person, or an irreversible step, left changes in place. */
  readonly leftInPlace?: true;
  /** Of `paused`: a person ordered it, and nothing has failed. */
  readonly ordered?: true;
}

/** A group of runs is returned, or is not wanted any more. */
export interface GroupReturn {
  readonly lock: string;
  /** The request, if it is still open. */
  readonly op?: OpKey;
  /** What the run has done under it: nothing, something that is in effect, or something that was rolled back. */
  readonly effect: 'none' | 'in-effect' | 'rolled-back';
}

/**
 * One decided consequence. `apply` applies it literally and adds nothing: everything that depends on a rule or a number is recorded here.
 * Each change names one node. Texts are copied, because they are part of the record. A new kind of change needs a new `rules` number.
 */
export type Change =
  /** A group starts. */
  | { readonly do: 'open'; readonly group: GroupKey }
  /** An operation starts. `acts`: from now on its step may have changed the world. */
  | { readonly do: 'start'; readonly op: Op; readonly acts?: true }
  | { readonly do: 'cancel'; readonly op: OpKey }
  | ({ readonly do: 'unlock' } & GroupReturn)
  /** The next run of a running step starts as soon as a slot is free. `notActed`: a person reported that the previous one had no effect. */
  | { readonly do: 'queue'; readonly step: StepKey; readonly notActed?: true }
  /** A person starts a step or group although its windows are closed. */
  | { readonly do: 'skip-window'; readonly node: StepKey | GroupKey }
  /** A running step is asked to stop; `end` is the result that is recorded for it. */
  | { readonly do: 'stop'; readonly step: StepKey; readonly end: 'failed' | 'cancelled'; readonly because: string }
  | Finish
  | { readonly do: 'finish-group'; readonly group: GroupKey; readonly end: StepEnd; readonly because?: string }
  /** No waiting step of the group starts any more. */
  | { readonly do: 'cancel-group'; readonly group: GroupKey; readonly because: string; readonly failed?: true; readonly tolerated?: true }
  /** The step waits for a person, because its time is over or a gate failed. */
  | { readonly do: 'block'; readonly step: StepKey; readonly because: string }
  /** A hold is over, and its gates have sampled up to its end but do not pass. */
  | { readonly do: 'await-gates'; readonly step: StepKey }
  | { readonly do: 'ignore-gate'; readonly step: StepKey; readonly gate: string }
  /** Whether an answer counts, by its id. `because`: what kept it from counting, beyond who gave it. */
  | { readonly do: 'vote'; readonly answer: string; readonly counts: boolean; readonly because?: string }
  /** The groups of an open question have other people now. */
  | { readonly do: 'ask-others'; readonly op: AskOp }
  /** The people to ask could not be found; the step tries again. */
  | { readonly do: 'ask-later'; readonly step: StepKey; readonly because: string; readonly until: Ms }
  /** Whether a command has a consequence, by its id; `false` where it no longer makes sense. */
  | { readonly do: 'heed'; readonly command: string; readonly heeded: boolean }
  /** A step that had ended is tried again, or its approval is requested again. */
  | { readonly do: 'reopen'; readonly step: StepKey; readonly as: 'running' | 'waiting' }
  /** A failed step stays as it is, and the run continues as if it had succeeded. */
  | { readonly do: 'accept'; readonly step: StepKey }
  | ({ readonly do: 'transition' } & Transition)
  | { readonly do: 'start-rollback'; readonly unit: Unit; readonly list?: Urgency }
  | { readonly do: 'finish-rollback'; readonly unit: Unit; readonly end: 'rolled-back' | 'failed'; readonly failure?: Failure }
  /** A person is asked to do something manually, again if it was asked before. `seen`: the result of the latest check. */
  | { readonly do: 'instruct'; readonly unit: StepKey; readonly seen?: string }
  /** The run does not continue until a person decides. */
  | { readonly do: 'halt'; readonly because: string }
  /** `outputs`: those of the file, as far as the run got; missing where it has none, and in runs of previous versions. */
  | { readonly do: 'end'; readonly outcome: Outcome; readonly notRolledBack: readonly StepKey[]; readonly outputs?: Readonly<Record<string, Json>> }
  /** No further attempt is made to tell a channel. */
  | { readonly do: 'end-delivery'; readonly delivery: string; readonly end: DeliveryEnd; readonly because?: string };

/** The changes of one kind. */
export type ChangeOf<D extends Change['do']> = Extract<Change, { readonly do: D }>;

/** A step ends. */
interface Finish {
  readonly do: 'finish';
  readonly step: StepKey;
  readonly end: StepEnd;
  readonly because?: string;
  readonly failure?: Failure;
  /** The run continues as if it had succeeded, and succeeds in part at best. */
  readonly tolerated?: true;
  /** `continue` tries the step again. */
  readonly paused?: true;
  /** A person accepted the step. */
  readonly overridden?: true;
  /** The step took effect, although it counts as failed. */
  readonly acted?: true;
}
