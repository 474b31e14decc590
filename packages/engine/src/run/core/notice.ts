import type { Outcome, Verdict } from '../../contract/index.ts';
import type { Ms } from '../../model/ms.ts';
import type { NotifyEvent } from '../../model/notify.ts';
import type { GroupKey, StepKey } from '../../plan/plan.ts';
import type { Failure } from './failure.ts';
import type { QuestionKind } from './question.ts';

/** An event that channels are notified of, as it is recorded: the same for every attempt and every channel, except for the word. */
export interface Notice extends NoticeBody {
  /** Counted from 1 over the run. */
  readonly n: number;
  /** When it was decided. */
  readonly at: Ms;
}

/** What happened. Without a step it is about the whole run. */
export interface NoticeBody {
  readonly event: NotifyEvent;
  readonly step?: StepKey | GroupKey;
  readonly because?: string;
  /** Of the candidate, in percent. */
  readonly weight?: number;
  readonly question?: { readonly kind: QuestionKind; readonly text: string; readonly people: readonly string[] };
  /** The gates of the step that did not pass, with what they measured. */
  readonly gates?: readonly { readonly gate: string; readonly verdict: Verdict; readonly because: string }[];
  readonly failure?: Failure;
  readonly outcome?: Outcome;
  readonly notRolledBack?: readonly StepKey[];
}

/** The id of a message about a notice. */
export const messageIdOf = (run: string, n: number): string => `${run}/${String(n)}`;

/** How one attempt to deliver a message ended. */
export type DeliveryResult =
  | { readonly status: 'delivered' }
  /** It certainly did not arrive. */
  | { readonly status: 'failed'; readonly because: string; readonly retryable: boolean }
  /** It may have arrived. */
  | { readonly status: 'unknown'; readonly because: string }
  /** Its process exited before recording the answer: it may have arrived. */
  | { readonly status: 'lost' };
