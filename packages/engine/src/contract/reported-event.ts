import type { Json } from './json.ts';
import type { Mode, Outcome, StepEnd, TaskVerb, Verdict } from './run-words.ts';

/**
 * What happened in a run, as reporters hear it. Steps and groups are named by their keys (`production/canary/1-shift`); secrets are masked. More
 * types may come without a new contract number: ignore what you do not know.
 */
export type ReportedEvent = Happened &
  (
    | { readonly type: 'run-started'; readonly plan: ReportedPlan; readonly who: Person }
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
        /** `lost`: its process died before it could say. `probed`: it was a look, whatever it found. */
        readonly status: 'succeeded' | 'failed' | 'timed-out' | 'cancelled' | 'lost' | 'probed';
        readonly failure?: FailureTold;
        readonly durationMs: number;
      }
    /** `until` is missing where only a person ends the wait. */
    | { readonly type: 'step-waiting'; readonly step: string; readonly why: string; readonly until?: number; readonly text?: string }
    | { readonly type: 'state-saved'; readonly step: string; readonly state: Json }
    | {
        readonly type: 'step-ended';
        readonly step: string;
        readonly end: StepEnd;
        readonly output?: Json;
        readonly because?: string;
        readonly failure?: FailureTold;
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
        /** When the newest look was that it rests on. */
        readonly observedAt: number;
      }
    | { readonly type: 'answered'; readonly step: string; readonly who: Person; readonly yes: boolean; readonly comment?: string }
    /** Somebody told the run something from outside, e.g. to abort. */
    | { readonly type: 'commanded'; readonly tell: string; readonly who: Person; readonly reason: string }
    | { readonly type: 'mode-changed'; readonly to: Mode; readonly because: string }
    /** Of a step, or of a group that is undone as one. */
    | { readonly type: 'rollback-started'; readonly unit: string }
    | { readonly type: 'rollback-ended'; readonly unit: string; readonly end: 'rolled-back' | 'failed'; readonly failure?: FailureTold }
    | {
        readonly type: 'run-over';
        readonly outcome: Outcome;
        readonly because?: string;
        /** Steps that acted and still stand after a way back. */
        readonly notRolledBack: readonly string[];
        readonly outputs: Readonly<Record<string, Json>>;
        readonly durationMs: number;
      }
    /** How the run stands, as its last event, while it is not over: it goes on in another process, or when somebody says so. */
    | { readonly type: 'parked'; readonly wakeAt?: number; readonly asks: readonly string[] }
    | { readonly type: 'frozen'; readonly because: string }
    | { readonly type: 'interrupted'; readonly signal: string }
  );

/** Of every event: which run, and when, in milliseconds since the epoch. */
interface Happened {
  readonly run: string;
  readonly at: number;
}

/** What a run was going to do, as far as a reader needs it. */
export interface ReportedPlan {
  readonly name: string;
  /** The same for the same plan. */
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

interface Person {
  readonly who: string;
}

interface FailureTold {
  readonly code: string;
  readonly message: string;
}
