import { previousWeightIn } from '../../run/core/weight.ts';
import { foldStepEvent } from './fold-step-event.ts';
import { openRunView } from './open-run-view.ts';
import type { EventOf, RunEvent } from '../events/run-event.ts';
import { type GroupView, awaitsWindow, isRecorded, type RunView, type StepView, type RollbackView } from './run-view.ts';

/** Folds one event into the view, which it owns and changes in place. An event that comes twice counts once. */
export function foldEvent(view: RunView | undefined, event: RunEvent): RunView | undefined {
  if (view === undefined) return event.type === 'run-started' ? openRunView(event) : undefined;
  if (isRecorded(event)) {
    if (!isNewer(event, view.seen)) return view;
    view.seen = { seq: event.seq, i: event.i };
    delete view.parked;
    delete view.paused;
    delete view.interrupted;
  }
  view.lastAt = Math.max(view.lastAt, event.at);
  foldRunEvent(view, event);
  return view;
}

/** The view after all events; undefined when the run has not started. */
export const viewOf = (events: Iterable<RunEvent>): RunView | undefined => {
  let view: RunView | undefined;
  for (const event of events) view = foldEvent(view, event);
  return view;
};

const isNewer = (event: RunView['seen'], seen: RunView['seen']): boolean =>
  event.seq > seen.seq || (event.seq === seen.seq && event.i > seen.i);

function foldRunEvent(view: RunView, event: RunEvent): void {
  switch (event.type) {
    case 'run-started':
    case 'clock-set':
      return;
    case 'group-waiting':
      change(view.groups.get(event.group), { state: 'waiting', wait: { since: event.at, ...event } });
      return;
    case 'concurrency':
      return foldConcurrency(view, event);
    case 'group-opened':
      change(view.groups.get(event.group), { state: 'running', openedAt: event.at });
      return;
    case 'group-ended': {
      const because = event.because === undefined ? {} : { because: event.because };
      change(view.groups.get(event.group), { state: event.end, endedAt: event.at, ...because });
      return;
    }
    case 'mode-changed':
      if (event.to !== 'forward') endWindowWaits(view);
      return void view.transitions.push({ at: event.at, to: event.to, because: event.because });
    case 'commanded':
      return void view.commands.push(event);
    case 'rollback-started':
      startRollback(view, event.unit, event.at);
      return;
    case 'rollback-ended':
      endRollback(view, event);
      return;
    case 'run-over':
      view.over = event;
      return;
    case 'parked':
      view.parked = event;
      return;
    case 'paused':
      view.paused = event;
      return;
    case 'interrupted':
      view.interrupted = event;
      return;
    case 'notified':
      noteDelivery(view, event);
      return;
    case 'measured':
      foldStepEvent(view, view.steps.get(event.measurement.step), event);
      return;
    default:
      foldStepEvent(view, view.steps.get(event.step), event);
      return;
  }
}

function noteDelivery({ undelivered }: RunView, event: EventOf<'notified'>): void {
  if (event.status === 'delivered' || event.status === 'replaced') undelivered.delete(event.delivery);
  else undelivered.set(event.delivery, event);
}

/** A run that does not go forward waits for no window. */
function endWindowWaits(view: RunView): void {
  for (const part of [...view.steps.values(), ...view.groups.values()]) {
    if (awaitsWindow(part)) part.state = 'pending';
  }
}

/** A group that is held after a wait stays known as one that was waited for. */
function foldConcurrency({ waitedFor, groupsHeld }: RunView, event: EventOf<'concurrency'>): void {
  const { group, now } = event;
  if (now === 'waiting') waitedFor.set(group, event);
  else if (now !== 'held') waitedFor.delete(group);
  if (now === 'held') groupsHeld.add(group);
  else groupsHeld.delete(group);
}

function change<T extends object>(target: T | undefined, changes: Partial<T>): void {
  if (target) Object.assign(target, changes);
}

function startRollback(view: RunView, unit: string, at: number): void {
  for (const part of partsOf(view, unit)) part.rollback = { startedAt: at, state: 'rolling-back' };
}

function endRollback(view: RunView, event: EventOf<'rollback-ended'>): void {
  const state = event.end === 'rolled-back' ? 'rolled-back' : 'rollback-failed';
  const ended: Partial<RollbackView> = { state, endedAt: event.at, ...(event.failure && { failure: event.failure }) };
  for (const part of partsOf(view, event.unit)) {
    part.rollback = { startedAt: event.at, state, ...part.rollback, ...ended };
    delete part.rollback.wait;
  }
  const percent = state === 'rolled-back' ? previousWeightIn(view.steps.get(event.unit)?.output) : undefined;
  const lane = view.steps.get(event.unit)?.step.group ?? event.unit;
  if (percent !== undefined) view.weights.push({ at: event.at, percent, step: event.unit, lane });
}

/** The unit itself, and of a group every task inside that may have acted. */
function partsOf(view: RunView, unit: string): (StepView | GroupView)[] {
  const step = view.steps.get(unit);
  const group = view.groups.get(unit);
  return [...(step ? [step] : []), ...(group ? [group, ...actedIn(group)] : [])];
}

const actedIn = (group: GroupView): StepView[] => [
  ...group.steps.filter(({ step, startedAt }) => step.act.act === 'task' && startedAt !== undefined),
  ...group.groups.flatMap(actedIn),
];
