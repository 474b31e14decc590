import type { Json, StepEnd, Verdict } from '../../contract/index.ts';
import type { Group, GroupKey, PlanStep } from '../../plan/plan.ts';
import type { Ms } from '../../validate/words.ts';
import type { Failure } from './failure.ts';
import type { OpenOps } from './open-ops.ts';

/** What the graph of a run consists of. Nodes know each other: looking one up among a hundred thousand costs more than what is done with it. */
export type Node = StepState | GroupState;

export const isGroup = (node: Node): node is GroupState => 'kind' in node.plan;

/** The group it is in; nothing for the run. */
export const aboveOf = (node: Node): GroupKey | undefined => (isGroup(node) ? node.plan.parent : node.plan.group);

/** A group that comes after its parent has ended. */
export const isLater = (node: Node): boolean => isGroup(node) && comesAfter(node.plan);

/** It comes after its parent has ended, and does not keep it open. */
export const comesAfter = ({ kind }: Group): boolean => kind === 'finally' || kind === 'release';

/** Why a running step is being ended, and what it then counts as. The first reason wins. */
interface Stop {
  readonly end: 'failed' | 'cancelled';
  readonly because: string;
}

/** The last word of a gate about the step it watches. */
export interface GateLook {
  readonly verdict: Verdict;
  readonly because: string;
  readonly conclusive: boolean;
  readonly measured: number;
  readonly observedAt: Ms;
  readonly until: Ms;
}

export interface StepState {
  readonly plan: PlanStep;
  at: 'waiting' | 'running' | 'settled';
  end: StepEnd | undefined;
  because?: string;
  failure?: Failure;
  beganAt: Ms | undefined;
  /** Begin of its latest task. */
  taskBeganAt: Ms | undefined;
  endedAt: Ms | undefined;
  /** Needs that have not settled yet. */
  needsLeft: number;
  /** Who needs it, if anybody does. */
  dependents: Node[] | undefined;
  /** Among the ready tasks; -1 where it is none. */
  place: number;
  /** Tries begun, for their numbers; failures used up, for the retry policy. A lost try is no failure. */
  attempts: number;
  failures: number;
  probes: number;
  probeFailures: number;
  questions: number;
  /** It may have changed the world. */
  isTouched: boolean;
  /** Before its latest try. */
  wasTouched: boolean;
  /** Resolved when it began. */
  config: Json | undefined;
  saved?: Json;
  output: Json | undefined;
  stop?: Stop;
  /** What to begin when no task of it is open. */
  next?: 'run' | 'probe' | 'ask' | 'backoff' | 'wait';
  votes: ReadonlySet<string>;
  holdEndsAt?: Ms;
  isHoldOver: boolean;
  looks: ReadonlyMap<string, GateLook>;
  /** Gates that failed with `on-failure: continue`. */
  forgiven: ReadonlySet<string>;
  /** It would have failed; a person decides. */
  stuck?: string;
  /** It failed with `on-failure: freeze`: `continue` tries it again. */
  isFrozen: boolean;
  isOverridden: boolean;
  open: OpenOps;
}

export interface GroupState {
  readonly plan: Group;
  at: 'waiting' | 'open' | 'settled';
  end?: StepEnd;
  because?: string;
  needsLeft: number;
  /** Who needs it, if anybody does. */
  dependents: Node[] | undefined;
  readonly children: Node[];
  /** The one of its children that comes after all others have ended. */
  finally?: GroupState;
  /** Direct children of the main phase that have not settled. */
  unsettled: number;
  /** Direct children that run, for `max-parallel`. */
  running: number;
  hasFailed: boolean;
  /** Something in it was cancelled. */
  wasCut: boolean;
  /** Its waiting children will not run any more. */
  isDoomed: boolean;
  /** Tasks that run inside it, and for how long at least one did. */
  tasks: number;
  workedMs: Ms;
  workingSince?: Ms;
  timers: number;
  open: OpenOps;
}
