import { stepsIn } from './clearance.ts';
import type { Draft } from './draft.ts';
import type { GroupState, StepState } from './node.ts';
import { groupOf, stepOf, type RunState } from './run-state.ts';
import { tryOp } from './task-op.ts';

/** Opens the releases of every stage that is over, and of the run when nothing else is left of it. */
export function openReleases(state: RunState, draft: Draft): void {
  for (const key of state.releasesLeft) {
    const release = groupOf(state, key);
    if (release.at === 'waiting' && isOver(state, groupOf(state, release.plan.parent ?? ''))) draft.open.push(key);
  }
}

const isOver = (state: RunState, scope: GroupState): boolean => (scope.plan.kind === 'run' ? isRunOver(state) : isStageOver(state, scope));

const isRunOver = (state: RunState): boolean => state.going === 'finally' && state.finallyLeft === 0 && state.releasesLeft.size === 1;

function isStageOver(state: RunState, stage: GroupState): boolean {
  const hasEnded = state.going === 'back' ? stage.at !== 'waiting' && isUndone(state, stage) : stage.at === 'settled';
  return hasEnded && isFinallyOver(stage) && [...stepsIn(state, stage.plan.key)].every((step) => !isWanted(state, step));
}

/** Nothing of it is left to be undone: undoing may need what is still there. */
const isUndone = (state: RunState, { plan: { key } }: GroupState): boolean => state.back?.clear.has(key) ?? false;

const isFinallyOver = (stage: GroupState): boolean => stage.finally === undefined || stage.finally.at === 'settled';

/** Something of it may still run, or a person decides whether it is tried again. */
const isWanted = (state: RunState, step: StepState): boolean =>
  (step.isFrozen && state.going === 'frozen') || [...step.open.values()].some(({ op }) => op === 'task');

/** The way back has come to its end without undoing everything: no stage waits for its undos any more. */
export function releaseWhatIsLeft(state: RunState, draft: Draft): void {
  for (const key of state.releasesLeft) {
    const release = groupOf(state, key);
    const scope = groupOf(state, release.plan.parent ?? '');
    if (release.at === 'waiting' && scope.plan.kind !== 'run' && scope.at !== 'waiting' && isFinallyOver(scope)) draft.open.push(key);
  }
  for (const step of state.readyTasks) if (step.plan.phase === 'release') beginRelease(state, step, draft);
}

/** What a step holds stays while the step may still work; where the run turned back between two releases, also for the undos. */
export function mayRelease(state: RunState, { plan: { releases, group } }: StepState): boolean {
  if (isWanted(state, releasedBy(state, releases))) return false;
  const { kind, parent } = groupOf(state, group).plan;
  return state.going !== 'back' || kind !== 'release' || isUndone(state, groupOf(state, parent ?? ''));
}

/** There is nothing to release where the step never began, or had not come to its effect. */
export function beginRelease(state: RunState, step: StepState, draft: Draft): void {
  const { key, releases } = step.plan;
  if (releasedBy(state, releases).isTouched) draft.begin.push(tryOp(state, step, null));
  else draft.settle.push({ key, end: 'skipped', because: 'there is nothing to release' });
}

const releasedBy = (state: RunState, key: string | undefined): StepState => stepOf(state, key ?? '');
