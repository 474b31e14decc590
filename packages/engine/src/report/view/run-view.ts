import type { Mode, Json, Outcome, StepEnd, TaskVerb, Verdict } from '../../contract/index.ts';
import type { Group, GroupKey, Plan, PlanStep, StepKey } from '../../plan/plan.ts';
import type { Identity } from '../../run/core/fact.ts';
import type { Failure } from '../../run/core/failure.ts';
import type { Ms } from '../../model/ms.ts';
import type { MeasurementRecord } from '../../run/measurement-record.ts';
import type { EventOf, RecordedEvent, RunEvent } from '../events/run-event.ts';

export type State = 'pending' | 'running' | 'waiting' | StepEnd;
export type UndoState = 'rolling-back' | 'rolled-back' | 'rollback-failed';

export interface AttemptView {
  readonly verb: TaskVerb;
  readonly attempt: number;
  readonly startedAt: Ms;
  ended?: EventOf<'attempt-ended'>;
}

export interface UndoView {
  readonly startedAt: Ms;
  state: UndoState;
  endedAt?: Ms;
  failure?: Failure;
  /** What it waits for now: a pause, or a person. */
  wait?: WaitView;
}

export interface JudgedView {
  readonly at: Ms;
  readonly gate: string;
  readonly verdict: Verdict;
  readonly because: string;
  readonly critical: boolean;
  readonly coveredUntil: Ms;
}

interface AnswerView {
  readonly at: Ms;
  readonly who: Identity;
  readonly yes: boolean;
  readonly counted: boolean;
  readonly comment?: string;
}

export interface WaitView {
  readonly since: Ms;
  readonly why: EventOf<'step-waiting'>['why'];
  readonly until?: Ms;
  readonly text?: string;
}

export interface StepView {
  readonly step: PlanStep;
  /** What an undo step takes back. */
  readonly undoes?: StepKey | GroupKey;
  state: State;
  startedAt?: Ms;
  endedAt?: Ms;
  readonly attempts: AttemptView[];
  /** Every wait so far; the last one is open while `state` is `waiting`. */
  readonly waits: WaitView[];
  readonly judged: JudgedView[];
  readonly answers: AnswerView[];
  /** The newest value by gate, metric and side; live only. */
  readonly latest: Map<string, MeasurementRecord>;
  /** The last lines of its log; live only. */
  readonly lastLines: string[];
  progress?: EventOf<'progress'>;
  output?: Json;
  because?: string;
  failure?: Failure;
  overridden?: boolean;
  undo?: UndoView;
}

export interface GroupView {
  readonly group: Group;
  readonly groups: GroupView[];
  readonly steps: StepView[];
  state: State;
  openedAt?: Ms;
  endedAt?: Ms;
  because?: string;
  undo?: UndoView;
}

/** Where traffic was sent, from outputs named `weight`. */
export interface WeightView {
  readonly at: Ms;
  /** 0..100 */
  readonly percent: number;
  readonly step: StepKey;
  /** Weights of one lane are the same knob: a stage, or a composite together with its undo. */
  readonly lane: GroupKey;
}

interface TurnView {
  readonly at: Ms;
  readonly to: Mode;
  readonly because: string;
}

/** A run as its events tell it so far. */
export interface RunView {
  readonly run: string;
  readonly plan: Plan;
  readonly who: Identity;
  readonly startedAt: Ms;
  /** Time of the newest event. */
  lastAt: Ms;
  readonly steps: Map<StepKey, StepView>;
  readonly groups: Map<GroupKey, GroupView>;
  readonly turns: TurnView[];
  readonly told: EventOf<'commanded'>[];
  readonly weights: WeightView[];
  over?: EventOf<'run-over'>;
  parked?: EventOf<'parked'>;
  frozen?: EventOf<'frozen'>;
  stopped?: EventOf<'interrupted'>;
  /** Of the newest recorded event: what is heard twice counts once. */
  seen: { readonly seq: number; readonly i: number };
}

export const outcomeOf = (view: RunView): Outcome | 'running' => view.over?.outcome ?? 'running';

/** The direction the run goes in: `forward` until it turned. */
export const directionOf = (view: RunView): Mode => turnOf(view)?.to ?? 'forward';

/** Where the run turned last and why, if it did. A way back may end at what cannot be undone: then it is frozen, too. */
export const turnOf = (view: RunView): Omit<TurnView, 'at'> | undefined =>
  view.frozen ? { to: 'frozen', because: view.frozen.because } : view.turns.at(-1);

/** The wait a step is in now, if any. */
export const openWaitOf = (step: StepView): WaitView | undefined =>
  step.undo?.wait ?? (step.state === 'waiting' ? step.waits.at(-1) : undefined);

/** The newest weight of every lane. */
export const currentWeights = (view: RunView): readonly WeightView[] => [
  ...new Map(view.weights.map((weight) => [weight.lane, weight])).values(),
];

/** Drops events that were heard already; live events are never recorded and always new. */
export const isRecorded = (event: RunEvent): event is RecordedEvent => 'seq' in event;
