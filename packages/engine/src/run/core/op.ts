import type { Json } from '../../contract/index.ts';
import type { Ms } from '../../validate/words.ts';
import type { GroupKey, StepKey } from '../../plan/plan.ts';

/** `production/canary/1-shift!run.2`: step (or group) key, what, and a count. */
export type OpKey = string;

/** Configuration with every expression resolved; secrets are still names. */
export type ResolvedValue = Json;

/** `confirm` and `instruct`: of an assisted undo, is it done, and what has to be done. */
export type TaskVerb = 'run' | 'probe' | 'undo' | 'confirm' | 'instruct' | 'release';

/** Work for a shell, as data, so that it can cross to another machine. */
export type Op = TaskOp | TimerOp | AskOp | WatchOp;

export interface TaskOp {
  readonly op: 'task';
  readonly key: OpKey;
  readonly step: StepKey;
  readonly verb: TaskVerb;
  /** Counted from 1 per verb. */
  readonly attempt: number;
  readonly uses: string;
  readonly with: ResolvedValue;
  readonly saved?: Json;
  readonly output?: Json;
  /** Of an undo and a release: what it is for. */
  readonly because?: string;
  readonly timeoutMs: Ms;
  /** `runId/stepKey/verb`: the same for every attempt. Of a release, the key of the step it releases. */
  readonly idempotencyKey: string;
}

export type TimerWhy = 'hold' | 'backoff' | 'timeout' | 'grace' | 'wait' | 'undo-backoff';

export interface TimerOp {
  readonly op: 'timer';
  readonly key: OpKey;
  /** A step, or the group whose working time it limits. */
  readonly step: StepKey | GroupKey;
  readonly at: Ms;
  readonly why: TimerWhy;
}

export interface AskOp {
  readonly op: 'ask';
  readonly key: OpKey;
  readonly step: StepKey;
  readonly question: 'approve' | 'did-it-happen' | 'undo-by-hand';
  readonly text: string;
  readonly quorum: number;
  readonly of: readonly string[];
  readonly fingerprint: string;
}

export interface WatchOp {
  readonly op: 'watch';
  readonly key: OpKey;
  readonly step: StepKey;
  readonly gate: string;
  /** Nothing before this moment counts. */
  readonly from: Ms;
  /** End of the hold: a verdict that covers it is always recorded. */
  readonly until?: Ms;
  /** At least this often a word of the gate is recorded, changed or not. */
  readonly maxBlindMs: Ms;
  /** Resolved `with` of each metric, by name, and of its baseline as `NAME (baseline)`. */
  readonly configs: Readonly<Record<string, ResolvedValue>>;
}

/** The step or group an op belongs to. */
export const ownerOf = (key: OpKey): string => key.slice(0, key.lastIndexOf('!'));
