import type { NotifyEvent } from '../model/notify.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Json } from './values.ts';

/** What a channel sends about one event. It is plain JSON, with secrets masked. New fields may be added without a new contract number. */
export interface Message {
  readonly event: NotifyEvent;
  /** The same for every channel: `RUN/3`. */
  readonly id: string;
  readonly run: string;
  /** Name of the pipeline. */
  readonly pipeline: string;
  readonly inputs: Readonly<Record<string, Json>>;
  /** When it happened, by RFC 3339. A message that could not be sent at once comes later. */
  readonly at: string;
  /** What happened, in one line for people, without names of the run. */
  readonly text: string;
  /** A previous message with this id may have arrived. */
  readonly repetition?: true;
  /** Key of the step or stage it is about, e.g. `production/traffic/1-hold`. Missing: the whole run. */
  readonly step?: string;
  readonly stage?: string;
  readonly because?: string;
  /** Of `weight`: of the candidate, in percent. */
  readonly weight?: number;
  /** Of `waiting`. `people`: who may answer; empty: anybody. */
  readonly question?: { readonly kind: MessageQuestion; readonly text: string; readonly people: readonly string[] };
  /** Of `failed`: the gates that did not pass, and what they measured. */
  readonly gates?: readonly { readonly gate: string; readonly verdict: Verdict; readonly because: string }[];
  readonly failure?: { readonly code: string; readonly message: string; readonly hint?: string };
  /** Of what fails: what to do, by the nearest `runbook` of the file. */
  readonly runbook?: string;
  /** At the end. */
  readonly outcome?: Outcome;
  /** After a rollback: the steps that are still in effect. */
  readonly notRolledBack?: readonly string[];
  /** The commands by which a person answers or continues. */
  readonly commands?: readonly string[];
}

type MessageQuestion = 'approve' | 'outcome-unknown' | 'manual-rollback' | 'changed-by-others';
