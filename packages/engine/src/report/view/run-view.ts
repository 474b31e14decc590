import type { Mode, Json, Outcome, StepEnd, TaskVerb, Verdict } from '../../contract/index.ts';
import type { Group, GroupKey, Plan, PlanStep, StepKey } from '../../plan/plan.ts';
import type { Identity } from '../../run/core/fact.ts';
import type { Approvers } from '../../run/core/votes.ts';
import type { Failure } from '../../run/core/failure.ts';
import type { Ms } from '../../model/ms.ts';
import type { MeasurementRecord } from '../../run/measurement-record.ts';
import type { EventOf, RecordedEvent, RunEvent } from '../events/run-event.ts';
import type { WeightView } from './weights.ts';

export type State = 'pending' | 'running' | 'waiting' | StepEnd;
export type RollbackProgress = 'rolling-back' | 'rolled-back' | 'rollback-failed';

export interface AttemptView {
  readonly verb: TaskVerb;
  readonly attempt: number;
  readonly startedAt: Ms;
  ended?: EventOf<'attempt-ended'>;
}

export interface RollbackView {
  readonly startedAt: Ms;
  state: RollbackProgress;
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
  readonly withdrawn?: true;
  readonly onBehalfOf?: string;
  readonly items?: readonly number[];
  readonly counted: boolean;
  readonly because?: string;
  readonly comment?: string;
}

export interface WaitView {
  readonly since: Ms;
  readonly why: EventOf<'step-waiting'>['why'];
  readonly until?: Ms;
  readonly text?: string;
  /** Of an approval: who has to approve, where the plan alone does not say it. */
  readonly approvers?: Approvers;
}

export interface StepView {
  readonly step: PlanStep;
  /** The unit that a rollback step belongs to. */
  readonly rollsBack?: StepKey | GroupKey;
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
  rollback?: RollbackView;
}

export interface GroupView {
  readonly group: Group;
  /** What it waits for before it starts; open while `state` is `waiting`. */
  wait?: WaitView;
  readonly groups: GroupView[];
  readonly steps: StepView[];
  state: State;
  openedAt?: Ms;
  endedAt?: Ms;
  because?: string;
  rollback?: RollbackView;
}

interface TransitionView {
  readonly at: Ms;
  readonly to: Mode;
  readonly because: string;
}

/** A run as far as its events go. */
export interface RunView {
  readonly run: string;
  readonly plan: Plan;
  readonly who: Identity;
  readonly startedAt: Ms;
  /** Time of the newest event. */
  lastAt: Ms;
  readonly steps: Map<StepKey, StepView>;
  readonly groups: Map<GroupKey, GroupView>;
  readonly transitions: TransitionView[];
  readonly commands: EventOf<'commanded'>[];
  readonly weights: WeightView[];
  /** The messages that channels may not have got, by their delivery. */
  readonly undelivered: Map<string, EventOf<'notified'>>;
  /** Groups of runs that it holds. */
  readonly groupsHeld: Set<string>;
  /** Those that it waits for, or has waited for. */
  readonly waitedFor: Map<string, EventOf<'concurrency'>>;
  over?: EventOf<'run-over'>;
  parked?: EventOf<'parked'>;
  paused?: EventOf<'paused'>;
  interrupted?: EventOf<'interrupted'>;
  /** Of the newest recorded event: one that comes twice counts once. */
  seen: { readonly seq: number; readonly i: number };
}

export const outcomeOf = (view: RunView): Outcome | 'running' => view.over?.outcome ?? 'running';

/** The mode of the run: `forward` until it changed. */
export const modeOf = (view: RunView): Mode => lastTransition(view)?.to ?? 'forward';

/** The last change of mode and its reason, if there was one. A rollback may reach a step that cannot be rolled back: then the run is paused. */
export const lastTransition = (view: RunView): Omit<TransitionView, 'at'> | undefined =>
  view.paused ? { to: 'paused', because: view.paused.because } : view.transitions.at(-1);

/** Whether the run is paused because its rollback reached a step that cannot be rolled back: another rollback would stop there again. */
export const isAtPointOfNoReturn = (view: RunView): boolean => view.paused !== undefined && view.transitions.at(-1)?.to === 'rollback';

/** The groups of runs that the run waits for now. */
export const groupWaitsOf = ({ waitedFor, groupsHeld, over }: RunView): readonly EventOf<'concurrency'>[] =>
  over ? [] : [...waitedFor.values()].filter(({ group }) => !groupsHeld.has(group));

/** The wait a step is in now, if any. */
export const openWaitOf = (step: StepView): WaitView | undefined =>
  step.rollback?.wait ?? (step.state === 'waiting' ? step.waits.at(-1) : undefined);

/** Whether a stage or step has not started because its windows are closed. */
export const awaitsWindow = (part: StepView | GroupView): boolean =>
  part.state === 'waiting' && ('step' in part ? part.waits.at(-1) : part.wait)?.why === 'window';

/** The stages, matrices and composites that wait for their windows. */
export const groupsAwaitingWindow = ({ groups }: RunView): readonly { readonly key: GroupKey; readonly wait: WaitView }[] =>
  [...groups.values()].flatMap((group) => (awaitsWindow(group) && group.wait ? [{ key: group.group.key, wait: group.wait }] : []));

/** Whether an event is in the record and has a number; live events are not and have none. */
export const isRecorded = (event: RunEvent): event is RecordedEvent => 'seq' in event;
