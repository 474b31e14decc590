import type { Holder } from '../../../model/concurrency.ts';
import type { LockRefused } from '../fact.ts';
import type { LockOp } from '../operation.ts';

/** What a run has to do with one group of runs. */
export interface LockState {
  /** `asked`: not answered yet. `returned`: it was held, and is not any more. */
  at: 'asked' | 'waiting' | 'held' | 'refused' | 'returned';
  /** How often it was asked for, for op keys. */
  asks: number;
  /** The latest request. */
  op: LockOp;
  /** The run that holds it, as far as it was answered last. */
  holder?: Holder;
  /** Of one that was refused. */
  because?: LockRefused['because'];
}
