import type { Outcome } from '../../contract/index.ts';
import type { GroupKey, Plan, StepKey } from '../../plan/plan.ts';
import type { Ms } from '../../validate/words.ts';
import type { Failure } from './failure.ts';
import type { Turn } from './fact.ts';
import type { GroupState, Node, StepState } from './node.ts';
import type { OpKey } from './op.ts';
import { ReadyTasks } from './ready-tasks.ts';

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
  /** What each undo step undoes. */
  readonly unitOfUndoStep: Map<StepKey, StepKey | GroupKey>;
  /** Whose each open op is: one among a few is found sooner than a step among a hundred thousand. */
  readonly owners: Map<OpKey, Node>;
  /** Steps that run or wait, whatever they do. */
  readonly running: Set<StepState>;
  /** May begin as soon as there is room. */
  readonly readyTasks: ReadyTasks;
  readonly ready: Set<Node>;
  /** To be looked at again. */
  readonly dirty: Set<Node>;
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
    unitOfUndoStep: new Map(),
    owners: new Map(),
    running: new Set(),
    readyTasks: new ReadyTasks(),
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

/** Of a run that is not planned yet. */
export const emptyPlan: Plan = {
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

/** From the innermost group outwards. */
export function* ancestorsOf(state: RunState, node: { readonly group?: GroupKey; readonly parent?: GroupKey }): Generator<GroupState> {
  for (let key = node.group ?? node.parent; key !== undefined; ) {
    const group = groupOf(state, key);
    yield group;
    key = group.plan.parent;
  }
}

export function nodeOf(state: RunState, key: StepKey | GroupKey): Node {
  const node = state.steps.get(key) ?? state.groups.get(key);
  if (node === undefined) throw new Error(`the plan has no ${key}`);
  return node;
}
