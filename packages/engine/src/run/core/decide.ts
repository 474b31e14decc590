import type { GroupKey } from '../../plan/plan.ts';
import type { Decision, Evaluate } from './decision.ts';
import { Draft } from './draft.ts';
import { goOn } from './go-on.ts';
import { aboveOf, isGroup, isLater, type GroupState, type Node, type StepState } from './node.ts';
import { ancestorsOf, type RunState } from './run-state.ts';
import type { Op } from './op.ts';
import { beginRelease, mayRelease, openReleases } from './releases.ts';
import { rest } from './rest.ts';
import { holdsTrue } from './scope-of.ts';
import { startStep } from './start-step.ts';
import { stopStep } from './stop-step.ts';
import { tryOp } from './task-op.ts';
import { undoUnits } from './undo-units.ts';
import { workedMs } from './working-time.ts';

/** What now? Looks only at what changed since the last decision; does not change the state. */
export function decide(state: RunState, evaluate: Evaluate): Decision {
  if (state.trouble) return { fact: 'begun', turn: state.trouble };
  const draft = new Draft();
  for (const node of state.dirty) {
    if (isGroup(node)) lookAtGroup(state, node, draft);
    else lookAtStep(state, node, draft);
  }
  beginWhatIsReady(state, draft, evaluate);
  openReleases(state, draft);
  if (state.back) undoUnits(state, state.back, draft);
  return draft.isEmpty ? rest(state) : draft.begun();
}

function lookAtStep(state: RunState, step: StepState, draft: Draft): void {
  if (step.at === 'settled') for (const op of step.open.values()) if (op.op !== 'task' && !isOfItsUndo(op)) draft.cancel.push(op.key);
  if (step.at !== 'running') return;
  if (step.stop) stopStep(state, step, draft);
  else goOn(state, step, draft);
}

const isOfItsUndo = (op: Op): boolean => (op.op === 'timer' && op.why === 'undo-backoff') || (op.op === 'ask' && op.question === 'undo-by-hand');

/** Starts, and never needs to stop, the timer of a stage's working time; ends what a doomed group still has waiting. */
function lookAtGroup(state: RunState, group: GroupState, draft: Draft): void {
  if (group.at === 'settled') draft.cancel.push(...group.open.keys());
  if (group.at !== 'open') return;
  if (group.isDoomed) endWaitingChildren(state, group, draft);
  const limit = group.plan.timeoutMs;
  if (limit === undefined || group.tasks === 0 || group.open.size > 0 || group.isDoomed) return;
  const { key } = group.plan;
  draft.timer(`${key}!timeout.${String(group.timers + 1)}`, key, state.now + limit - workedMs(state, group), 'timeout');
}

function endWaitingChildren(state: RunState, group: GroupState, draft: Draft): void {
  for (const child of group.children) {
    if (child.at === 'waiting' && !(isGroup(child) ? isLater(child) : child.plan.phase === 'release'))
      draft.settle.push({ key: child.plan.key, end: 'cancelled', because: group.because ?? 'its group failed' });
  }
}

/** Opens groups and begins steps as far as there is room. */
function beginWhatIsReady(state: RunState, draft: Draft, evaluate: Evaluate): void {
  const started = new Map<GroupKey, number>();
  for (const node of state.ready) beginNode(state, node, draft, evaluate, started);
  let room = state.parallel - state.openRuns;
  for (const step of state.readyTasks) {
    if (room <= 0 && step.plan.phase === 'main') break;
    const before = draft.begin.length;
    if (step.at === 'waiting') beginNode(state, step, draft, evaluate, started);
    else if (!step.stop) draft.begin.push(tryOp(state, step, step.config ?? null));
    if (draft.begin.length > before) room--;
  }
}

function beginNode(state: RunState, node: Node, draft: Draft, evaluate: Evaluate, started: Map<GroupKey, number>): void {
  if (!mayBegin(state, node) || !hasRoom(state, node, started)) return;
  if (!isGroup(node) && node.plan.phase === 'release') return beginRelease(state, node, draft);
  const { key, when } = node.plan;
  if (when !== undefined) {
    const truth = holdsTrue(state, node, when, evaluate);
    if (truth.isTrue === undefined) {
      draft.settle.push({ key, end: 'failed', because: truth.because });
      return;
    }
    if (!truth.isTrue) {
      draft.settle.push({ key, end: 'skipped', because: truth.because });
      return;
    }
  }
  const above = aboveOf(node);
  if (above !== undefined && takesRoom(node)) started.set(above, (started.get(above) ?? 0) + 1);
  if (isGroup(node)) draft.open.push(key);
  else startStep(state, node, draft, evaluate);
}

function mayBegin(state: RunState, node: Node): boolean {
  if (!isGroup(node) && node.plan.phase === 'undo') return true;
  if (!isGroup(node) && node.plan.phase === 'release') return mayRelease(state, node);
  if (isFinally(node)) return (state.going === 'finally' || state.going === 'forward') && !isLastOfMore(state, node);
  if (state.going !== 'forward') return false;
  for (const group of ancestorsOf(state, node.plan)) if (group.isDoomed) return false;
  return true;
}

/** The `finally` of the run, while one of a stage has not ended: after a rollback all come at once. */
const isLastOfMore = (state: RunState, node: Node): boolean => isGroup(node) && node.plan.parent === '' && state.finallyLeft > 1;

function isFinally(node: Node): boolean {
  return isGroup(node) ? node.plan.kind === 'finally' : node.plan.phase === 'finally';
}

/** What comes at the end waits for nobody. */
const takesRoom = (node: Node): boolean => !isFinally(node) && (isGroup(node) || node.plan.phase !== 'release');

function hasRoom(state: RunState, node: Node, started: Map<GroupKey, number>): boolean {
  if (!takesRoom(node)) return true;
  const above = aboveOf(node);
  const group = above === undefined ? undefined : state.groups.get(above);
  const limit = group?.plan.maxParallel;
  return group === undefined || limit === undefined || group.running + (started.get(group.plan.key) ?? 0) < limit;
}
