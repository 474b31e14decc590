import type { Json, Outcome, StepEnd, Verdict } from '../../contract/index.ts';
import type { Group, GroupKey, Plan, PlanStep, StepKey } from '../../plan/plan.ts';
import type { Ms } from '../../validate/words.ts';
import type { Failure } from './failure.ts';
import type { Turn } from './fact.ts';
import { KeyQueue } from './key-queue.ts';
import type { OpenOps } from './open-ops.ts';

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
  /** Tries begun, for their numbers; failures used up, for the retry policy. A lost try is no failure. */
  attempts: number;
  failures: number;
  probes: number;
  probeFailures: number;
  questions: number;
  /** It may have changed the world. */
  isTouched: boolean;
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
  readonly children: string[];
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

/** What is undone as one: a step, or a group with undo steps of its own. */
export interface UndoState {
  readonly key: StepKey | GroupKey;
  at: 'running' | 'undone' | 'failed';
  /** Tries of a rollback; for undo steps: which list runs. */
  attempts: number;
  failures: number;
  /** Pauses so far, for their numbers. */
  pauses: number;
  next?: 'run' | 'backoff' | 'ask';
  list?: 'now' | 'staged';
  byHand?: ByHand;
  stepsLeft: number;
  failure?: Failure;
}

/** How far a person has come with an assisted undo. */
export interface ByHand {
  /** What the next try of the step type is for. */
  verb: 'confirm' | 'instruct';
  confirms: number;
  instructs: number;
  questions: number;
  /** What has to be done. */
  instruction: string;
  /** What the last look has seen instead. */
  seen?: string;
}

/** The way back: who stands on whom. Exists from the moment the run turns back. */
export interface WayBack {
  urgency: 'now' | 'staged';
  /** Direct dependents that still run or stand. */
  readonly blockers: Map<string, number>;
  readonly unclearChildren: Map<GroupKey, number>;
  readonly clear: Set<string>;
  readonly undos: Map<string, UndoState>;
  /** Units to look at. */
  readonly dirty: Set<string>;
  running: number;
}

/** What changed with the last fact, for the projection to events. */
export type News =
  | { readonly what: 'group-opened' | 'group-settled'; readonly group: GroupKey }
  | { readonly what: 'step-started' | 'step-ended' | 'gates-do-not-pass'; readonly step: StepKey }
  | { readonly what: 'voted'; readonly step: StepKey; readonly counted: boolean }
  | { readonly what: 'undo-started' | 'undo-ended'; readonly unit: string };

type Direction = 'forward' | 'back' | 'stopping' | 'frozen' | 'finally';

/** Everything the facts so far say. `evolve` owns it and changes it in place. */
export interface RunState {
  run: string;
  plan: Plan;
  parallel: number;
  startedAt: Ms;
  now: Ms;
  /** Of the last fact. */
  seq: number;
  going: Direction;
  /** A turn that the facts ask for and no decision has taken yet. */
  trouble?: Turn;
  /** The first reason for which the run did not go on. */
  because?: string;
  readonly failed: StepKey[];
  readonly steps: Map<StepKey, StepState>;
  readonly groups: Map<GroupKey, GroupState>;
  readonly dependents: Map<string, string[]>;
  /** What each undo step undoes. */
  readonly unitOfUndoStep: Map<StepKey, StepKey | GroupKey>;
  /** Steps that run or wait, whatever they do. */
  readonly running: Set<StepKey>;
  /** May begin as soon as there is room. */
  readonly readyTasks: KeyQueue;
  readonly ready: Set<string>;
  /** To be looked at again. */
  readonly dirty: Set<string>;
  /** Open tasks of every verb, and open tries that count against `parallel`. */
  openTasks: number;
  openRuns: number;
  finallyLeft: number;
  /** Groups of releases that have not settled. */
  readonly releasesLeft: Set<GroupKey>;
  back?: WayBack;
  /** A person accepted that an irreversible step stays. */
  isLeftInPlace: boolean;
  isPartial: boolean;
  outcome?: Outcome;
  news: News[];
}

export function newRunState(): RunState {
  return {
    run: '',
    plan: emptyPlan,
    parallel: 1,
    startedAt: 0,
    now: 0,
    seq: 0,
    going: 'forward',
    failed: [],
    steps: new Map(),
    groups: new Map(),
    dependents: new Map(),
    unitOfUndoStep: new Map(),
    running: new Set(),
    readyTasks: new KeyQueue(),
    ready: new Set(),
    dirty: new Set(),
    openTasks: 0,
    openRuns: 0,
    finallyLeft: 0,
    releasesLeft: new Set(),
    isLeftInPlace: false,
    isPartial: false,
    news: [],
  };
}

const emptyPlan: Plan = {
  format: 1,
  name: '',
  fingerprint: '',
  source: { file: '' },
  inputs: {},
  secrets: [],
  types: { inputs: {}, steps: {}, secrets: [] },
  named: {},
  gates: {},
  plugins: [],
  steps: [],
  groups: [],
  outputs: {},
};

export function stepOf(state: RunState, key: StepKey): StepState {
  const step = state.steps.get(key);
  if (step === undefined) throw new Error(`the plan has no step ${key}`);
  return step;
}

export function groupOf(state: RunState, key: GroupKey): GroupState {
  const group = state.groups.get(key);
  if (group === undefined) throw new Error(`the plan has no group ${key}`);
  return group;
}

/** It comes after its parent has ended, and does not keep it open. */
export const comesAfter = ({ kind }: Group): boolean => kind === 'finally' || kind === 'release';

/** From the innermost group outwards. */
export function* ancestorsOf(state: RunState, node: { readonly group?: GroupKey; readonly parent?: GroupKey }): Generator<GroupState> {
  for (let key = node.group ?? node.parent; key !== undefined; ) {
    const group = groupOf(state, key);
    yield group;
    key = group.plan.parent;
  }
}
