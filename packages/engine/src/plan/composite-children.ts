import { type AskedApproval, type Handle, isLater, type Later, rollbackKindOf, type StepType, type Unfolding } from '../contract/index.ts';
import { diagnose } from '../errors/diagnostic.ts';
import { expressionOf } from '../expressions/names-in.ts';
import { printDuration } from '../expressions/quantities/duration.ts';
import type { Value } from '../expressions/value.ts';
import { defaultApprovalTimeoutMs } from '../model/defaults.ts';
import { encodePlanned, laterValue } from '../schema/planned.ts';
import { plannedShapeProblem } from '../schema/shape-problem.ts';
import { readChecklist } from '../load/read-checklist.ts';
import type { ApprovalAction, PeopleDeclaration, StepDeclaration } from '../validate/valid-pipeline.ts';
import { targetOf, taskSecrets } from './actions.ts';
import { approvalAct } from './approval.ts';
import type { KnownContext } from './evaluate-known.ts';
import { gateTimeoutMs, mergeGates, watchedBy } from './gates.ts';
import { taskMachine } from './machines.ts';
import type { Placement, PlanDraft } from './plan-draft.ts';
import type { Act } from './act.ts';
import type { PlanStep, StepKey } from './plan.ts';
import { lossesOf, type StepTraits, typeTraits, waitTraits } from './steps.ts';

/** The children of a composite as steps of the plan, one after the other. Mistakes in them are findings at the composite. */
export function planChildren(
  draft: PlanDraft,
  step: StepDeclaration,
  children: readonly UnfoldedChild[],
  place: Placement,
  keyOf: (id: string) => StepKey,
): readonly PlanStep[] {
  checkIds(draft, step, children);
  return children.map((child, n) => {
    const before = children[n - 1];
    return planChild(draft, step, child, { ...place, key: keyOf(child.id), needs: before ? [keyOf(before.id)] : [] });
  });
}

function planChild(draft: PlanDraft, step: StepDeclaration, child: UnfoldedChild, place: Placement): PlanStep {
  const { key, group, needs, phase, onFailure, matrix } = place;
  const type = child.kind === 'step' ? draft.pipeline.registry.steps.get(child.uses) : undefined;
  const own = watchedBy(draft, knownGates(draft, step, child).map((gate) => ({ gate })));
  const act = childAct(draft, step, child, type);
  return {
    key,
    id: child.id,
    title: child.id,
    needs,
    group,
    phase,
    act,
    ...taskSecrets(act),
    ...taskMachine(act, place.runsOn),
    // During a rollback only a hold can be cut short.
    gates: phase === 'rollback' && child.kind !== 'hold' ? [] : child.kind === 'gate' ? own : mergeGates(place.gates, own),
    wakeEveryMs: step.wakeEveryMs,
    ...childTraits(draft, step, type, phase),
    rollback: childRollback(step, type, phase),
    onFailure,
    ...(child.when && { when: expressionOf(child.when.$later) }),
    ...(matrix && { matrix }),
    ...(child.kind === 'approval' && { timeoutMs: approvalTimeoutMs(draft, step, child) }),
    ...(child.kind === 'gate' && { timeoutMs: gateTimeoutMs(draft.gates, own) }),
  };
}

function childTraits({ pipeline: { defaults } }: PlanDraft, step: StepDeclaration, type: StepType | undefined, phase: Placement['phase']): StepTraits {
  if (!type) return waitTraits(defaults);
  const traits = typeTraits(defaults, step.retry, type);
  // During a rollback nobody is asked: the step is repeated, or probed first.
  return phase === 'rollback' && traits.onLost === 'ask' ? { ...traits, retry: { ...defaults.retry, ...lossesOf(step.retry) }, onLost: 'retry' } : traits;
}

function childRollback({ irreversible, rollback }: StepDeclaration, type: StepType | undefined, phase: Placement['phase']): PlanStep['rollback'] {
  if (phase === 'rollback' || !type) return 'nothing';
  if (irreversible) return 'impossible';
  return rollback === 'none' ? 'nothing' : rollbackKindOf(type);
}

function childAct(draft: PlanDraft, step: StepDeclaration, child: UnfoldedChild, type: StepType | undefined): Act {
  if (child.kind === 'hold') {
    const length = typeof child.for === 'number' ? printDuration(child.for) : laterValue(child.for);
    return { act: 'hold', for: length, atEnd: 'wait' };
  }
  if (child.kind === 'approval') return questionAct(draft, step, child);
  if (child.kind === 'gate') return { act: 'gate' };
  const { timeoutMs } = draft.pipeline.defaults;
  return { act: 'task', uses: child.uses, with: childConfig(draft, step, child, type), attemptTimeoutMs: timeoutMs, ...targetOf(type) };
}

type ApprovalChild = Extract<UnfoldedChild, { kind: 'approval' }>;

function questionAct(draft: PlanDraft, step: StepDeclaration, child: ApprovalChild): Act {
  const { question, approvers: { count = 1, of, except, delegates } = {} } = child;
  const refuse = (problem: string): void => refuseChild(draft, step, `its step "${child.id}" ${problem}`);
  const context: KnownContext = { draft, placeOf: () => step.placeOf(['with']) };
  const people = (list: readonly unknown[]): PeopleDeclaration => peopleOf(draft, list, refuse);
  const action: ApprovalAction = {
    kind: 'approval',
    ask: plannedValue(question),
    quorum: plannedValue(count),
    ...(of && { of: people(of) }),
    ...(except && { except: people(except) }),
    ...(delegates && { delegates: people(delegates) }),
    ...(child.items !== undefined && { items: itemsOf(draft, child.items, refuse) }),
    ...(child['at-timeout'] === 'approve' && { atTimeout: 'approve' }),
  };
  if (of === undefined && (count === 'all' || delegates)) refuse('needs the people who are asked: `of`');
  if (child.items !== undefined && child['at-timeout'] === 'approve') refuse('is a checklist, which silence cannot approve');
  if (isLater(child['at-timeout'])) refuse('says only during the run what silence means');
  return approvalAct(action, context, ['with'], ['with']);
}

/** As `readSettings` writes them: a word is a group, an expression returns names. */
function peopleOf(draft: PlanDraft, list: readonly unknown[], refuse: (problem: string) => void): PeopleDeclaration {
  return list.map((entry) => {
    if (isLater(entry)) return { names: laterValue(entry) };
    if (typeof entry === 'object' && entry !== null && 'names' in entry) return { names: plannedValue(entry.names) };
    const group = String(entry);
    if (!Object.hasOwn(draft.pipeline.groups, group)) refuse(`asks the group "${group}", which the pipeline does not have`);
    return { group };
  });
}

function itemsOf(draft: PlanDraft, items: NonNullable<AskedApproval['items']>, refuse: (problem: string) => void): readonly Value[] {
  if (Array.isArray(items)) return items.map(plannedValue);
  if (typeof items !== 'string') {
    refuse('has a checklist that is known only during the run');
    return [];
  }
  const read = readChecklist(draft.pipeline.folder, items);
  if (read.ok) return read.items;
  refuse(`has the checklist ${items}, which cannot be used: ${read.because}`);
  return [];
}

const plannedValue = (value: unknown): Value => (isLater(value) ? laterValue(value) : (value as Value));

function approvalTimeoutMs(draft: PlanDraft, step: StepDeclaration, { id, timeout = defaultApprovalTimeoutMs }: ApprovalChild): number {
  if (typeof timeout === 'number') return timeout;
  refuseChild(draft, step, `the timeout of its step "${id}" is known only during the run`);
  return defaultApprovalTimeoutMs;
}

function refuseChild(draft: PlanDraft, step: StepDeclaration, problem: string): void {
  const uses = step.action.kind === 'composite' ? step.action.uses : step.id;
  draft.findings.push(diagnose('REL_UNFOLD_FAILED', { uses, problem }, step.placeOf(['with'])));
}

function childConfig(draft: PlanDraft, step: StepDeclaration, child: UnfoldedChild & { kind: 'step' }, type: StepType | undefined): Value {
  const refuse = (problem: string): Value => {
    refuseChild(draft, step, problem);
    return {};
  };
  if (!type) return refuse(`its step "${child.id}" uses ${child.uses}, which no plugin supplies`);
  const config = encodePlanned(type.with, child.with);
  const wrong = plannedShapeProblem(type.with, config);
  return wrong ? refuse(`in the configuration of its step "${child.id}" ${wrong.problem}`) : config;
}

function knownGates(draft: PlanDraft, step: StepDeclaration, child: UnfoldedChild): readonly string[] {
  const known = draft.pipeline.gates.map(({ name }) => name);
  for (const gate of child.gates.filter((name) => !known.includes(name))) {
    refuseChild(draft, step, `its step "${child.id}" is watched by the gate "${gate}", which the pipeline does not have`);
  }
  return child.gates.filter((name) => known.includes(name));
}

function checkIds(draft: PlanDraft, step: StepDeclaration, children: readonly UnfoldedChild[]): void {
  const ids = children.map(({ id }) => id);
  const wrong = ids.find((id, n) => ids.indexOf(id) !== n || !/^[\w.-]+$/.test(id));
  if (wrong === undefined) return;
  const problem = `it has no, or more than one, step with the usable id "${wrong}"`;
  draft.findings.push(diagnose('REL_UNFOLD_FAILED', { uses: step.id, problem }, step.placeOf(['uses'])));
}

interface CommonChild {
  readonly id: string;
  readonly gates: readonly string[];
  readonly when?: Later<boolean>;
}

/** What a composite has added. */
export type UnfoldedChild = CommonChild &
  (
    | { readonly kind: 'step'; readonly uses: string; readonly with: unknown }
    | { readonly kind: 'hold'; readonly for: number | Later<number> }
    | ({ readonly kind: 'approval' } & Omit<AskedApproval, 'when'>)
    | { readonly kind: 'gate' }
  );

/** Collects what a composite adds. The outputs of a child are read by its key. */
export function collectChildren(keyOf: (id: string) => StepKey): { readonly into: Unfolding; readonly children: readonly UnfoldedChild[] } {
  const children: UnfoldedChild[] = [];
  const common = (id: string, { gates = [], when }: { readonly gates?: readonly string[]; readonly when?: boolean | Later<boolean> }): CommonChild => ({
    id,
    gates,
    ...(when !== undefined && when !== true && { when: when === false ? { $later: 'false' } : when }),
  });
  const into: Unfolding = {
    step(id, child) {
      children.push({ ...common(id, child), kind: 'step', uses: child.uses, with: child.with });
      return handleOf(keyOf(id));
    },
    hold(id, child) {
      children.push({ ...common(id, child), kind: 'hold', for: child.for });
    },
    gate(id, child) {
      // A name that only the run will know is the name of no gate, and is refused as such.
      const gates = child.gates.map((gate) => (typeof gate === 'string' ? gate : gate.$later));
      children.push({ ...common(id, { ...child, gates }), kind: 'gate' });
    },
    approval(id, child) {
      const { question, approvers, items, timeout, 'at-timeout': atTimeout } = child;
      children.push({
        ...common(id, child),
        kind: 'approval',
        question,
        ...(approvers && { approvers }),
        ...(items !== undefined && { items }),
        ...(timeout !== undefined && { timeout }),
        ...(atTimeout && { 'at-timeout': atTimeout }),
      });
    },
  };
  return { into, children };
}

const handleOf = (key: StepKey): Handle<never> => ({
  output: (name: string) => ({ $later: `outputs[${JSON.stringify(key)}].${name}` }),
});
