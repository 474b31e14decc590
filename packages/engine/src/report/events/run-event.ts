import type { Json } from '../../contract/index.ts';
import type { GroupKey, Plan, StepKey } from '../../plan/plan.ts';
import type { Failure } from '../../run/core/failure.ts';
import type { Identity, Verdict } from '../../run/core/fact.ts';
import type { TaskVerb } from '../../run/core/op.ts';
import type { Outcome, StepEnd } from '../../run/core/outcome.ts';
import type { LiveEvent } from '../../run/live-event.ts';
import type { Ms } from '../../validate/words.ts';

/** What happened, as data. `(run, seq, i)` identifies an event for ever, so that nobody hears it twice. */
export type RecordedEvent = { readonly run: string; readonly seq: number; readonly i: number; readonly at: Ms } & (
  | { readonly type: 'run-started'; readonly plan: Plan; readonly who: Identity }
  | { readonly type: 'group-opened'; readonly group: GroupKey }
  | { readonly type: 'group-settled'; readonly group: GroupKey; readonly end: StepEnd; readonly because?: string }
  /** Once per step; `attempt-started` follows for tasks. */
  | { readonly type: 'step-started'; readonly step: StepKey }
  | { readonly type: 'attempt-started'; readonly step: StepKey; readonly verb: TaskVerb; readonly attempt: number }
  | {
      readonly type: 'attempt-ended';
      readonly step: StepKey;
      readonly verb: TaskVerb;
      readonly attempt: number;
      readonly status: 'succeeded' | 'failed' | 'timed-out' | 'cancelled' | 'lost' | 'probed';
      readonly failure?: Failure;
      readonly found?: string;
      readonly durationMs: Ms;
    }
  /** `until` is missing where only a person ends the wait. */
  | {
      readonly type: 'step-waiting';
      readonly step: StepKey;
      readonly why: 'hold' | 'gate' | 'approval' | 'backoff' | 'did-it-happen' | 'undo-by-hand' | 'gates-after-hold';
      readonly until?: Ms;
      readonly text?: string;
    }
  | { readonly type: 'state-saved'; readonly step: StepKey; readonly state: Json }
  | {
      readonly type: 'step-ended';
      readonly step: StepKey;
      readonly end: StepEnd;
      readonly output?: Json;
      readonly because?: string;
      readonly failure?: Failure;
      /** A person decided that it counts as succeeded. */
      readonly overridden?: boolean;
      readonly durationMs: Ms;
    }
  | {
      readonly type: 'gate-judged';
      readonly step: StepKey;
      readonly gate: string;
      readonly verdict: Verdict;
      readonly because: string;
      readonly critical: boolean;
      readonly observedAt: Ms;
      readonly coveredUntil: Ms;
    }
  | {
      readonly type: 'answered';
      readonly step: StepKey;
      readonly who: Identity;
      readonly yes: boolean;
      readonly counted: boolean;
      readonly comment?: string;
    }
  | { readonly type: 'told'; readonly tell: string; readonly who: Identity; readonly reason: string }
  | {
      readonly type: 'direction-changed';
      readonly to: 'forward' | 'back' | 'stopping' | 'frozen' | 'finally';
      readonly because: string;
    }
  /** Of a step, or of a group that is undone as one. */
  | { readonly type: 'undo-started'; readonly unit: StepKey | GroupKey }
  | {
      readonly type: 'undo-ended';
      readonly unit: StepKey | GroupKey;
      readonly end: 'undone' | 'failed';
      readonly failure?: Failure;
    }
  | {
      readonly type: 'run-over';
      readonly outcome: Outcome;
      readonly because?: string;
      /** Steps that acted, failed to be undone, or have nothing that undoes them. */
      readonly notUndone: readonly StepKey[];
      readonly outputs: Readonly<Record<string, Json>>;
      readonly durationMs: Ms;
    }
);

export type RunEvent = RecordedEvent | LiveEvent;

/** Reads events and shows them. */
export interface Reporter {
  onEvent(event: RunEvent): void;
  /** What a former process has told already: to be known, not to be told again. */
  onHistory(event: RunEvent): void;
  /** Resolves when everything is written. */
  close(): Promise<void>;
}
