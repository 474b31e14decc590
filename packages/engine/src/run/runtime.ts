import type { Ms } from '../validate/words.ts';
import type { Fact, FactBody } from './core/fact.ts';
import type { Op, OpKey } from './core/op.ts';

/** What the core waits for when nothing is left to decide. */
export interface Wait {
  /** The next moment at which something must be looked at: a timer, or `max-blind` where a gate watches. */
  readonly until?: Ms;
  /** Open questions to people. */
  readonly asks: readonly OpKey[];
  /** No task runs: the process may exit and come back. */
  readonly mayPark: boolean;
}

/** What came out of waiting. */
export type Arrival =
  | { readonly bodies: readonly FactBody[] }
  /** The process may exit; somebody resumes the run, at the latest at `wakeAt`. */
  | { readonly parked: { readonly wakeAt?: Ms } }
  /** A signal ended it; the run can be resumed. `said`: what arrived until then; it is recorded, and nothing is begun any more. */
  | { readonly stopped: NodeJS.Signals; readonly said: readonly FactBody[] };

/** Where a run lives: the driver is the same for every one of them. */
export interface Runtime {
  /** Stamps the fact with its number and time, and keeps it for the next `commit`. */
  append(body: FactBody): Fact;
  /** Makes everything appended durable, in one transaction, under the fence. Throws `REL_LEASE_LOST` when another driver took over. */
  commit(): Promise<void>;
  /** Starts and cancels what was recorded. Starting an op key twice starts it once. */
  act(ops: { readonly begin: readonly Op[]; readonly cancel: readonly OpKey[] }): void;
  /**
   * Takes up the ops that a former process left open: timers and watches start again, questions stay asked, and a task whose process is
   * gone arrives as `ended lost` once nothing of it runs any more.
   */
  takeUp(open: readonly Op[]): void;
  /** What has come by itself, without waiting: a frozen run that somebody has told to go on goes on. */
  arrived(): readonly FactBody[];
  /** The next facts, at least one, as soon as there are any. */
  next(wait: Wait): Promise<Arrival>;
}
