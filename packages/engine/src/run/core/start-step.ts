import { parseDuration } from '../../expressions/quantities/duration.ts';
import type { PlanMetric } from '../../plan/plan.ts';
import type { Evaluate } from './decision.ts';
import type { Draft } from './draft.ts';
import type { ResolvedValue, WatchOp } from './op.ts';
import type { StepState } from './node.ts';
import type { RunState } from './run-state.ts';
import { ResolutionError, resolveFor } from './scope-of.ts';
import { tryOp } from './task-op.ts';

/** Begins a step: its work, its limit and its watches. An expression that cannot be evaluated fails it. */
export function startStep(state: RunState, step: StepState, draft: Draft, evaluate: Evaluate): void {
  const before = draft.begin.length;
  try {
    beginAct(state, step, draft, evaluate);
    beginWatches(state, step, draft, evaluate);
  } catch (error) {
    if (!(error instanceof ResolutionError)) throw error;
    draft.begin.length = before;
    draft.settle.push({ key: step.plan.key, end: 'failed', because: error.message });
  }
}

function beginAct(state: RunState, step: StepState, draft: Draft, evaluate: Evaluate): void {
  const { act, key, timeoutMs } = step.plan;
  if (timeoutMs !== undefined && act.act !== 'task') draft.timer(`${key}!timeout.${String(step.questions + 1)}`, key, state.now + timeoutMs, 'timeout');
  if (act.act === 'task') draft.begin.push(tryOp(state, step, resolveFor(state, step, act.with, evaluate)));
  if (act.act === 'hold') draft.timer(`${key}!hold.1`, key, state.now + durationOf(state, step, evaluate), 'hold');
  if (act.act === 'approval') beginApproval(state, step, draft, evaluate);
}

function durationOf(state: RunState, step: StepState, evaluate: Evaluate): number {
  if (step.plan.act.act !== 'hold') return 0;
  const text = resolveFor(state, step, step.plan.act.for, evaluate);
  const parsed = parseDuration(textOf(text));
  if (!parsed.ok) throw new ResolutionError(`its length is ${JSON.stringify(text)}, which is no duration`);
  return parsed.value;
}

function beginApproval(state: RunState, step: StepState, draft: Draft, evaluate: Evaluate): void {
  const { act, key } = step.plan;
  if (act.act !== 'approval') return;
  const quorum = Number(resolveFor(state, step, act.quorum, evaluate));
  if (!Number.isInteger(quorum) || quorum < 1) throw new ResolutionError(`it needs ${String(quorum)} approvers, which is no count`);
  if (act.of.length > 0 && quorum > act.of.length)
    throw new ResolutionError(`it needs ${String(quorum)} approvers, and only ${String(act.of.length)} may approve`);
  draft.begin.push({
    op: 'ask',
    key: `${key}!ask.${String(step.questions + 1)}`,
    step: key,
    question: 'approve',
    text: textOf(resolveFor(state, step, act.ask, evaluate)),
    quorum,
    of: act.of,
    fingerprint: state.plan.fingerprint,
  });
}

const textOf = (value: ResolvedValue): string => (typeof value === 'string' ? value : JSON.stringify(value));

function beginWatches(state: RunState, step: StepState, draft: Draft, evaluate: Evaluate): void {
  const { key, gates, maxBlindMs } = step.plan;
  const hold = draft.begin.find((op) => op.op === 'timer' && op.why === 'hold' && op.step === key);
  for (const { gate } of gates) {
    const configs: Record<string, ResolvedValue> = {};
    for (const metric of state.plan.gates[gate]?.metrics ?? []) addConfigs(state, step, metric, evaluate, configs);
    const watch: WatchOp = { op: 'watch', key: `${key}!watch.${gate}`, step: key, gate, from: state.now, maxBlindMs, configs };
    draft.begin.push(hold?.op === 'timer' ? { ...watch, until: hold.at } : watch);
  }
}

function addConfigs(
  state: RunState,
  step: StepState,
  metric: PlanMetric,
  evaluate: Evaluate,
  configs: Record<string, ResolvedValue>,
): void {
  const own = resolveFor(state, step, metric.with, evaluate);
  configs[metric.name] = own;
  if (metric.baseline === undefined) return;
  const other = resolveFor(state, step, metric.baseline, evaluate);
  configs[`${metric.name} (baseline)`] = { ...(own as object), ...(other as object) };
}
