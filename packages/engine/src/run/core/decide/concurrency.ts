import type { Holder } from '../../../model/concurrency.ts';
import { listed } from '../../../util/phrases.ts';
import type { GroupReturn } from '../change.ts';
import type { LockRefused } from '../fact.ts';
import type { LockOp } from '../operation.ts';
import { groupsNeeded, isInPlace, needsGroups, openLocks } from '../state/concurrency.ts';
import type { LockState } from '../state/lock-state.ts';
import { comesAfterParent, isGroup, type Node, type StepState } from '../state/node.ts';
import { allStepsIn, canBeRolledBack, unitOf } from '../state/rollback-state.ts';
import { ancestorsOf, nodeOf, stepOf, type RunState } from '../state/run-state.ts';
import type { Decision } from './decision.ts';

/*
 * One release at a time: a run takes its groups before its first step that may change anything, and holds them until it is over, or until
 * nothing in it can be rolled back any more. Then it takes them again before it rolls anything back all the same.
 */

/** Whether a step may start, as far as groups of runs are concerned. Otherwise the first one that it needs is asked for, once. */
export function holdsGroupsOf(decision: Decision, step: StepState): boolean {
  return !needsGroups(decision.state, step) || holdsAll(decision, step);
}

/** The same before the rollback of a unit. */
export const holdsGroupsOfUnit = (decision: Decision, unit: string): boolean => holdsAll(decision, nodeOf(decision.state, unit), true);

function holdsAll(decision: Decision, node: Node, forRollback?: true): boolean {
  const { state } = decision;
  for (const { of, group: lock, onConflict } of groupsNeeded(state, node)) {
    const known = state.locks.get(lock);
    if (known?.at === 'held') continue;
    if (known === undefined || known.at === 'returned' || (known.at === 'refused' && forRollback && !known.op.forRollback)) {
      const key = `${of}!lock.${String((known?.asks ?? 0) + 1)}`;
      const op: LockOp = { op: 'lock', key, step: of, lock, onConflict: forRollback ? 'wait' : onConflict, ...(forRollback && { forRollback }) };
      decision.do({ do: 'start', op });
    }
    return false;
  }
  return true;
}

/** A run that does not get a group goes no further, and rolls back what it has changed under other groups. */
export function groupRefused(decision: Decision, { because, holder }: LockRefused, { forRollback, lock }: LockOp): void {
  if (!forRollback) decision.insist({ to: 'rollback', because: refusalText(lock, because, holder) });
}

const refusalText = (lock: string, because: LockRefused['because'], holder: Holder): string =>
  because === 'later'
    ? `run ${holder.run} has taken effect in the group ${lock} since`
    : `${because === 'cycle' ? `run ${holder.run} waits for this run, and` : holderText(holder)} holds the group ${lock}`;

/** `run 20261130-1200-abcd (parked), whose changes are in place: deploy/shift,` */
const holderText = ({ run, state, changed }: Holder): string =>
  changed.length === 0 ? `run ${run} (${state})` : `run ${run} (${state}), whose changes are in place (${listed(changed)}),`;

/** Why a rollback does not continue: a later run of its group is in effect. */
export function refusedForRollback({ locks }: RunState): string | undefined {
  const refused = [...locks].find(([, { at, op }]) => at === 'refused' && op.forRollback);
  if (refused === undefined) return undefined;
  const [lock, { holder, because = 'held' }] = refused;
  return holder && refusalText(lock, because, holder);
}

/** Requests of steps that will not start any more are withdrawn. */
export function withdrawRequests(decision: Decision): void {
  const { state } = decision;
  if (state.locks.size === 0) return;
  for (const lock of openLocks(state)) if (!isWanted(state, lock)) decision.do({ do: 'unlock', lock: lock.op.lock, op: lock.op.key, effect: 'none' });
}

function isWanted({ mode, groups }: RunState, { op: { step, forRollback } }: LockState): boolean {
  if (mode === 'rollback') return forRollback === true;
  return (mode === 'forward' || mode === 'paused') && groups.get(step)?.at !== 'finished';
}

/** The run is over: every group is returned. */
export function returnEveryGroup(decision: Decision): void {
  for (const lock of decision.state.locks.keys()) giveBack(decision, lock);
}

/** Past a point of no return: groups of which nothing can be changed or rolled back any more. */
export function returnWhatIsFinal(decision: Decision): void {
  const { state } = decision;
  if (state.mode !== 'forward' || state.locks.size === 0) return;
  const crossed = state.irreversible.filter((step) => step.at === 'finished' && step.mayHaveActed);
  if (crossed.length === 0) return;
  for (const [lock, { at }] of state.locks) {
    // From the end: as long as the run goes forward, its last steps are those that have not started.
    if (at !== 'held' || state.plan.steps.findLast(({ key }) => isUnfinishedUnder(state, stepOf(state, key), lock)) !== undefined) continue;
    const outOfReach = stepsBefore(state, crossed);
    if (stepsUnder(state, lock).every((step) => !step.mayHaveActed || outOfReach.has(step) || !hasRollback(state, step))) giveBack(decision, lock);
  }
}

const hasRollback = (state: RunState, step: StepState): boolean => unitOf(state, step) !== step.plan.key || canBeRolledBack(step.plan);

const isUnfinishedUnder = (state: RunState, step: StepState, lock: string): boolean => step.at !== 'finished' && isUnder(state, step, lock);

const isUnder = (state: RunState, step: StepState, lock: string): boolean =>
  needsGroups(state, step) && groupsNeeded(state, step).some(({ group }) => group === lock);

const stepsUnder = (state: RunState, lock: string): readonly StepState[] => [...state.steps.values()].filter((step) => isUnder(state, step, lock));

/** Everything that a rollback would reach only after these steps: what they need, what the groups around them need, and their own units. */
function stepsBefore(state: RunState, steps: readonly StepState[]): ReadonlySet<Node> {
  const before = new Set<Node>();
  const open: Node[] = steps.flatMap((step) => [...allStepsIn(nodeOf(state, unitOf(state, step)))]);
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (before.has(node)) continue;
    before.add(node);
    for (const around of [node, ...ancestorsOf(state, node.plan)]) for (const need of around.plan.needs) open.push(nodeOf(state, need));
    if (isGroup(node)) open.push(...node.children.filter((child) => !comesAfterParent(child)));
  }
  return before;
}

function giveBack(decision: Decision, lock: string): void {
  const { state } = decision;
  const known = state.locks.get(lock);
  if (known === undefined || known.at === 'returned') return;
  const isOpen = known.at === 'asked' || known.at === 'waiting';
  decision.do({ do: 'unlock', lock, ...(isOpen && { op: known.op.key }), effect: effectOf(state, lock) });
}

/** What the run leaves to those that come after it in the group. */
function effectOf(state: RunState, lock: string): GroupReturn['effect'] {
  const acted = stepsUnder(state, lock).filter((step) => step.mayHaveActed);
  if (acted.some((step) => isInPlace(state, step))) return 'in-effect';
  return acted.length > 0 ? 'rolled-back' : 'none';
}
