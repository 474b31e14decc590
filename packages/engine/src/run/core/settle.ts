import type { StepEnd } from '../../contract/index.ts';
import type { Failure } from './failure.ts';
import type { Turn } from './fact.ts';
import { comesAfter, isGroup, isLater, type GroupState, type StepState } from './node.ts';
import { ancestorsOf, groupOf, type RunState } from './run-state.ts';
import { becomeReady, needSettled, noLongerReady } from './readiness.ts';
import { askForTurn } from './trouble.ts';
import { stepSettledOnTheWayBack, undoStepSettled } from './way-back.ts';

/** Why a step ended as it did. */
export interface Ending {
  readonly because?: string;
  readonly failure?: Failure;
  /** There is no time to go back in steps. */
  readonly urgency?: Turn['urgency'];
}

/** Ends a step, and lets everybody know who waited for it. */
export function settleStep(state: RunState, step: StepState, end: StepEnd, ending: Ending = {}): void {
  const wasRunning = step.at === 'running';
  Object.assign(step, { at: 'settled', end, endedAt: state.now });
  delete step.next;
  delete step.stuck;
  if (ending.because !== undefined) step.because = ending.because;
  if (ending.failure !== undefined) step.failure = ending.failure;
  if (end === 'succeeded') succeededAfterAll(step);
  state.running.delete(step);
  noLongerReady(state, step);
  state.dirty.add(step);
  state.news.push({ what: 'step-ended', step: step.plan.key });

  if (end === 'failed' || end === 'unknown') stepFailed(state, step, ending);
  needSettled(state, step);
  if (step.plan.phase === 'undo') return undoStepSettled(state, step);
  childSettled(state, groupOf(state, step.plan.group), end, wasRunning);
  stepSettledOnTheWayBack(state, step);
}

/** Whatever its former tries ran into is over. */
function succeededAfterAll(step: StepState): void {
  step.isTouched = true;
  delete step.failure;
}

/** Ends a group, when its last child has ended or it never opens. */
export function settleGroup(state: RunState, group: GroupState, end: StepEnd, because?: string): void {
  const wasOpen = group.at === 'open';
  const { key, kind, parent } = group.plan;
  Object.assign(group, { at: 'settled', end });
  if (because !== undefined) group.because = because;
  noLongerReady(state, group);
  state.dirty.add(group);
  state.news.push({ what: 'group-settled', group: key });
  if (kind === 'finally') state.finallyLeft--;
  state.releasesLeft.delete(key);
  needSettled(state, group);
  if (end !== 'skipped') finallyIsReady(state, group);
  if (parent === undefined) return;
  const above = groupOf(state, parent);
  if (!comesAfter(group.plan)) childSettled(state, above, end, wasOpen);
}

function finallyIsReady(state: RunState, group: GroupState): void {
  if (group.plan.kind === 'run') return;
  if (group.finally?.at === 'waiting') becomeReady(state, group.finally);
}

/** Ends a waiting group with everything in it; where nothing began, nothing has to be released. */
export function skipGroup(state: RunState, group: GroupState, end: 'skipped' | 'cancelled' | 'failed', because: string): void {
  for (const child of group.children) {
    if (child.at !== 'waiting') continue;
    if (isGroup(child)) skipGroup(state, child, child.plan.kind === 'release' ? 'skipped' : end, because);
    else settleStep(state, child, child.plan.phase === 'release' ? 'skipped' : end, { because });
  }
  if (group.at === 'waiting') settleGroup(state, group, end, because);
}

const endOf = ({ hasFailed, wasCut }: GroupState): StepEnd => (hasFailed ? 'failed' : wasCut ? 'cancelled' : 'succeeded');

function childSettled(state: RunState, group: GroupState, end: StepEnd, wasRunning: boolean): void {
  group.unsettled--;
  if (end === 'cancelled') group.wasCut = true;
  if (wasRunning) group.running--;
  if (group.unsettled === 0 && group.at === 'open') settleGroup(state, group, endOf(group));
}

function stepFailed(state: RunState, step: StepState, ending: Ending): void {
  const { phase, onFailure, key } = step.plan;
  if (phase === 'undo') return;
  state.failed.push(key);
  if (phase === 'finally' || phase === 'release') {
    state.isPartial = true;
    return;
  }
  for (const group of ancestorsOf(state, step.plan)) group.hasFailed = true;
  if (onFailure === 'continue') {
    state.isPartial = true;
    failFast(state, step);
    return;
  }
  if (onFailure === 'freeze') step.isFrozen = true;
  askForTurn(state, onFailure, `${key}: ${ending.because ?? ending.failure?.message ?? 'failed'}`, ending.urgency);
}

/** The siblings of a failed matrix cell are cancelled. */
function failFast(state: RunState, failed: StepState): void {
  for (const group of ancestorsOf(state, failed.plan)) {
    if (group.plan.kind === 'matrix' && group.plan.failFast) doom(state, group, 'cancelled', `${failed.plan.key} failed first`);
  }
}

/** Nothing waiting in the group begins any more, and what runs is asked to stop. */
export function doom(state: RunState, group: GroupState, end: 'failed' | 'cancelled', because: string): void {
  group.isDoomed = true;
  group.because ??= because;
  state.dirty.add(group);
  for (const child of group.children) {
    if (isGroup(child)) {
      if (child.at !== 'settled' && !isLater(child)) doom(state, child, end, because);
    } else if (child.at === 'running' && child.plan.phase !== 'release') {
      child.stop ??= { end, because };
      state.dirty.add(child);
    }
  }
}
