import type { Begun } from './decision.ts';
import type { Settled } from './fact.ts';
import type { Op, OpKey, TimerWhy } from './op.ts';

/** A decision while it is being made. */
export class Draft {
  readonly open: string[] = [];
  readonly settle: Settled[] = [];
  readonly undo: { unit: string; list: 'now' | 'staged' }[] = [];
  readonly begin: Op[] = [];
  readonly cancel: OpKey[] = [];

  timer(key: OpKey, step: string, at: number, why: TimerWhy): void {
    this.begin.push({ op: 'timer', key, step, at, why });
  }

  get isEmpty(): boolean {
    return this.open.length + this.settle.length + this.undo.length + this.begin.length + this.cancel.length === 0;
  }

  /** Without its empty lists: facts are kept for ever. */
  begun(): Begun {
    return {
      fact: 'begun',
      ...(this.open.length > 0 && { open: this.open }),
      ...(this.settle.length > 0 && { settle: this.settle }),
      ...(this.cancel.length > 0 && { cancel: this.cancel }),
      ...(this.undo.length > 0 && { undo: this.undo }),
      ...(this.begin.length > 0 && { begin: this.begin }),
    };
  }
}
