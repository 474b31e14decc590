import type { ReportedEvent } from '../../contract/index.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Artifact, Identity } from '../../run/core/fact.ts';
import type { Approvers } from '../../run/core/votes.ts';
import type { Failure } from '../../run/core/failure.ts';
import type { LiveEvent, HaltEvent } from '../../run/live-event.ts';
import type { Ms } from '../../model/ms.ts';

/** What happened, as data. `(run, seq, i)` identifies an event for ever, so that a reader gets it once. */
export type RecordedEvent = Recorded<Exclude<ReportedEvent, HaltEvent>>;

export type RunEvent = RecordedEvent | LiveEvent;

/** The events of one type. */
export type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { readonly type: T }>;

/** Reads events and shows them. */
export interface Reporter {
  onEvent(event: RunEvent): void;
  /** An event that a previous process has reported already: to be known, not to be shown again. */
  onHistory(event: RunEvent): void;
  /** Resolves when everything is written. */
  close(): Promise<void>;
}

type Recorded<E extends ReportedEvent> = E extends unknown
  ? E & { readonly seq: number; readonly i: number } & (E['type'] extends keyof More ? More[E['type']] : unknown)
  : never;

/** What the engine's own readers see beyond what reporters of plugins are promised. */
interface More {
  readonly 'run-started': { readonly plan: Plan; readonly who: Identity };
  readonly 'attempt-ended': { readonly failure?: Failure; readonly found?: string; readonly artifacts?: readonly Artifact[] };
  readonly 'step-waiting': {
    readonly why: 'hold' | 'gate' | 'approval' | 'backoff' | 'outcome-unknown' | 'manual-rollback' | 'changed-by-others' | 'gates-after-hold' | 'groups' | 'window';
    readonly approvers?: Approvers;
  };
  readonly 'group-waiting': { readonly why: 'window' };
  /** `overridden`: a person decided that it counts as succeeded. */
  readonly 'step-ended': { readonly failure?: Failure; readonly overridden?: boolean };
  readonly 'gate-evaluated': { readonly coveredUntil: Ms };
  readonly answered: { readonly who: Identity; readonly counted: boolean; readonly because?: string };
  readonly commanded: { readonly who: Identity };
  readonly 'rollback-ended': { readonly failure?: Failure };
}
