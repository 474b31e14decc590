import type { Mode } from '../model/mode.ts';
import type { DeliveryEnd, NotifyEvent } from '../model/notify.ts';
import type { Outcome, StepEnd } from '../model/outcome.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Json } from './values.ts';

/**
 * An event of a run, as channels get it. Steps and groups are identified by their keys (`production/canary/1-shift`); secrets are masked. New
 * types may be added without a new contract number: ignore those that you do not know.
 */
export type ReportedEvent = Happened &
  (
    | { readonly type: 'run-started'; readonly plan: ReportedPlan; readonly who: Person }
    /** A stage, matrix or composite that could start waits, e.g. for its window, whose name is the text. */
    | { readonly type: 'group-waiting'; readonly group: string; readonly why: string; readonly until: number; readonly text: string }
    | { readonly type: 'group-opened'; readonly group: string }
    | { readonly type: 'group-ended'; readonly group: string; readonly end: StepEnd; readonly because?: string }
    /** Once per step; `attempt-started` follows where a function of its type is called. */
    | { readonly type: 'step-started'; readonly step: string }
    | { readonly type: 'attempt-started'; readonly step: string; readonly verb: TaskVerb; readonly attempt: number }
    | {
        readonly type: 'attempt-ended';
        readonly step: string;
        readonly verb: TaskVerb;
        readonly attempt: number;
        /** `lost`: its process exited before reporting a result. `probed`: the verb only checked, whatever it found. */
        readonly status: 'succeeded' | 'failed' | 'timed-out' | 'cancelled' | 'lost' | 'probed';
        readonly failure?: ReportedFailure;
        readonly durationMs: number;
      }
    /** `until` is missing when only a person can end the wait. */
    | { readonly type: 'step-waiting'; readonly step: string; readonly why: string; readonly until?: number; readonly text?: string }
    | { readonly type: 'state-saved'; readonly step: string; readonly state: Json }
    | {
        readonly type: 'step-ended';
        readonly step: string;
        readonly end: StepEnd;
        readonly output?: Json;
        readonly because?: string;
        readonly failure?: ReportedFailure;
        readonly durationMs: number;
      }
    | {
        readonly type: 'gate-evaluated';
        readonly step: string;
        readonly gate: string;
        readonly verdict: Verdict;
        readonly because: string;
        /** A `critical` limit was crossed. */
        readonly critical: boolean;
        /** The time of the newest sample behind the verdict. */
        readonly observedAt: number;
      }
    /** `withdrawn`: the earlier yes of this person no longer counts. */
    | {
        readonly type: 'answered';
        readonly step: string;
        readonly who: Person;
        /** The person in whose place a delegate answered. */
        readonly onBehalfOf?: string;
        /** The items of a checklist that the answer is about, counted from 1. */
        readonly items?: readonly number[];
        readonly yes: boolean;
        readonly withdrawn?: true;
        readonly comment?: string;
      }
    /** The members of groups were looked up for a question; `problem` says why that was not possible. */
    | {
        readonly type: 'groups-resolved';
        readonly step: string;
        readonly groups: Readonly<Record<string, { readonly people: readonly string[] } | { readonly problem: string }>>;
      }
    /** A person sent a command to the run: `rollback`, `pause`, `stop` or `continue`, the latter perhaps about one step (`accept`: a failed one). */
    | { readonly type: 'commanded'; readonly command: string; readonly step?: string; readonly accept?: true; readonly who: Person; readonly reason: string }
    /** A group of runs, of which one at a time may change anything. `holder`: another run that holds it. */
    | { readonly type: 'concurrency'; readonly group: string; readonly now: 'held' | 'waiting' | 'refused' | 'returned'; readonly holder?: HoldingRun }
    /** Somebody set the clock of the machine, forward or back (less than zero); the times of the run continue without that. */
    | { readonly type: 'clock-set'; readonly byMs: number }
    | { readonly type: 'mode-changed'; readonly to: Mode; readonly because: string }
    /** `unit` is a step, or a group that is rolled back as one. */
    | { readonly type: 'rollback-started'; readonly unit: string }
    | { readonly type: 'rollback-ended'; readonly unit: string; readonly end: 'rolled-back' | 'failed'; readonly failure?: ReportedFailure }
    /** How the delivery of a message ended, or that it is tried again (`delayed`). `message`: its id. `about`: a step, or missing. */
    | {
        readonly type: 'notified';
        readonly message: string;
        /** The message and the channel, by their numbers: `3.0`. */
        readonly delivery: string;
        readonly channel: string;
        readonly event: NotifyEvent;
        readonly about?: string;
        readonly status: DeliveryEnd | 'delayed';
        readonly because?: string;
        /** Of `delayed`: when it is tried again. */
        readonly until?: number;
      }
    | {
        readonly type: 'run-over';
        readonly outcome: Outcome;
        readonly because?: string;
        /** Steps that acted and are still in effect after a rollback. */
        readonly notRolledBack: readonly string[];
        readonly outputs: Readonly<Record<string, Json>>;
        readonly durationMs: number;
      }
    /** The state of a run that is not over, always as the last event: another process or a person has to continue it. */
    | { readonly type: 'parked'; readonly wakeAt?: number; readonly asks: readonly string[] }
    | { readonly type: 'paused'; readonly because: string }
    | { readonly type: 'interrupted'; readonly signal: string }
  );

/** Part of every event: the run, and the time in milliseconds since the epoch. */
interface Happened {
  readonly run: string;
  readonly at: number;
}

/** The plan of a run, without the details that a channel does not need. */
export interface ReportedPlan {
  readonly name: string;
  /** Equal for equal plans. */
  readonly fingerprint: string;
  readonly source: { readonly file: string; readonly commit?: string };
  readonly inputs: Readonly<Record<string, Json>>;
  readonly steps: readonly {
    readonly key: string;
    readonly title: string;
    /** Key of the stage, matrix or composite it belongs to. */
    readonly group: string;
    readonly phase: 'main' | 'finally' | 'rollback' | 'teardown';
  }[];
  readonly groups: readonly { readonly key: string; readonly kind: string; readonly title: string; readonly parent?: string }[];
}

interface HoldingRun {
  readonly run: string;
  readonly state: string;
  /** The steps whose changes are in place. */
  readonly changed: readonly string[];
}

interface Person {
  readonly who: string;
  /** The name was given with `--as`: nobody has checked it. */
  readonly identity?: 'claimed';
}

interface ReportedFailure {
  readonly code: string;
  readonly message: string;
}

/** The function of a step type that is called. `instruct` and `confirm` belong to a rollback that a person does. */
export type TaskVerb = 'run' | 'probe' | 'rollback' | 'confirm' | 'instruct' | 'teardown';
