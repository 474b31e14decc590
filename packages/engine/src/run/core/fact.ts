import type { Direction, Json, Verdict } from '../../contract/index.ts';
import type { Ms } from '../../validate/words.ts';
import type { GroupKey, Plan, StepKey } from '../../plan/plan.ts';
import type { Failure } from './failure.ts';
import type { Op, OpKey } from './op.ts';

/** How a task ended. `lost`: its process died, or was ended, before it could say. */
export type Result =
  | { readonly status: 'succeeded'; readonly output: Json }
  | {
      readonly status: 'failed' | 'timed-out';
      readonly failure: Failure;
      /** Its step type was not even called: there is nothing to undo. */
      readonly acted?: false;
    }
  | { readonly status: 'cancelled' }
  | { readonly status: 'lost' }
  | {
      readonly status: 'probed';
      readonly found: 'done' | 'not-done' | 'partly' | 'conflict' | 'unknown';
      readonly output?: Json;
      readonly detail?: string;
    };

/** Who did something from outside, and how that was known. */
export interface Identity {
  readonly who: string;
  readonly by: 'os-user' | 'ci-actor' | 'oidc' | 'flag';
}

/** A change of direction, with its reason. */
export interface Turn {
  readonly to: Direction;
  readonly because: string;
  /** Of `back`: whether there is time to go back in steps. */
  readonly urgency?: 'now' | 'staged';
}

/** A step or group that ends without having run. */
export interface Settled {
  readonly key: StepKey | GroupKey;
  readonly end: 'skipped' | 'failed' | 'cancelled';
  readonly because: string;
}

export type FactBody =
  /** First of every run. `parallel`: how many tasks may run at once. */
  | {
      readonly fact: 'planned';
      readonly run: string;
      readonly plan: Plan;
      readonly parallel: number;
      readonly who: Identity;
    }
  /** A decision, before it acts. Folding it never decides again, so a newer engine may decide otherwise at the tip. */
  | {
      readonly fact: 'begun';
      readonly open?: readonly GroupKey[];
      readonly settle?: readonly Settled[];
      /** Undo step lists that begin. */
      readonly undo?: readonly { readonly unit: StepKey | GroupKey; readonly list: 'now' | 'staged' }[];
      readonly begin?: readonly Op[];
      readonly cancel?: readonly OpKey[];
      readonly turn?: Turn;
    }
  /** A step's state, before its effect. */
  | { readonly fact: 'saved'; readonly key: OpKey; readonly state: Json }
  | { readonly fact: 'ended'; readonly key: OpKey; readonly result: Result }
  | { readonly fact: 'fired'; readonly key: OpKey }
  /** Recorded when the verdict changes, at each wake-up and at the end of a hold. */
  | {
      readonly fact: 'judged';
      readonly key: OpKey;
      readonly verdict: Verdict;
      readonly because: string;
      /** A `critical` limit was crossed: there is no time for a staged way back. */
      readonly critical: boolean;
      /** Every window is full: the answer would not change by waiting alone. */
      readonly conclusive: boolean;
      /** The smallest number of values that any deciding metric has given. Zero never passes. */
      readonly measured: number;
      readonly observedAt: Ms;
      readonly coveredUntil: Ms;
      /** SHA-256 over the measurements it rests on. */
      readonly evidence: string;
    }
  | {
      readonly fact: 'answered';
      readonly key: OpKey;
      readonly letter: string;
      readonly who: Identity;
      readonly yes: boolean;
      /** Of the plan that was looked at; a vote for another plan does not count. */
      readonly fingerprint: string;
      readonly comment?: string;
      /** With "it did happen": the outputs the step would have given. */
      readonly output?: Json;
    }
  | {
      readonly fact: 'told';
      readonly letter: string;
      readonly who: Identity;
      readonly tell: 'abort' | 'continue';
      readonly reason: string;
      readonly urgency?: 'now' | 'staged';
    };

/** A journal entry. `at` is the recorded time and never goes back. */
export type Fact = FactBody & { readonly seq: number; readonly at: Ms };
