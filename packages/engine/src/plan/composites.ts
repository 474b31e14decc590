import type { CompositeType, Unfolding, Urgency } from '../contract/index.ts';
import { diagnose } from '../errors/diagnostic.ts';
import { readStepError } from '../errors/read-step-error.ts';
import type { Value } from '../expressions/value.ts';
import { decodePlanned, encodePlanned, unknownShapes } from '../schema/planned.ts';
import { messageOf } from '../util/phrases.ts';
import type { Action, StepDeclaration } from '../validate/valid-pipeline.ts';
import { collectChildren, planChildren } from './composite-children.ts';
import { evaluateKnown, evaluateKnownCondition, type KnownContext } from './evaluate-known.ts';
import { mergeGates, watchedBy } from './gates.ts';
import { machineOf } from './machines.ts';
import type { Placement, PlanDraft } from './plan-draft.ts';
import type { Group, PlanStep, RollbackSteps } from './plan.ts';
import type { Named } from './plan-pipeline.ts';
import { windowNames } from './windows.ts';
import { planRollback } from './rollback.ts';

type CompositeAction = Extract<Action, { kind: 'composite' }>;

/** A group with the steps that a composite unfolds into, rolled back as one where its type says how. */
export function planComposite(draft: PlanDraft, step: StepDeclaration, action: CompositeAction, place: Placement): Named {
  const composite = draft.pipeline.registry.composites.get(action.uses);
  if (!composite) throw new Error(`${action.uses} was a composite when the pipeline was validated`);
  const context: KnownContext = { draft, matrix: place.matrix, placeOf: (path) => step.placeOf(path) };
  const config = evaluateKnown(action.with, context, ['with']);
  const group = groupOf(step, 'composite', place, context);
  draft.groups.push(group);
  if (reportUnknownShapes(draft, step, composite, config)) return { kind: 'composite', group: group.key, outputs: {} };
  const inner: Placement = {
    ...place,
    group: group.key,
    onFailure: group.onFailure,
    gates: mergeGates(place.gates, watchedBy(draft, step.gates)),
    runsOn: machineOf(place.runsOn, step.runsOn, context),
  };
  const unfolder = unfolderOf(draft, step, composite, config, inner);
  const outputs = unfolder.main();
  const rollback = compositeRollback(draft, step, composite, place, unfolder);
  if (rollback) draft.groups.splice(draft.groups.indexOf(group), 1, { ...group, rollback });
  return { kind: 'composite', group: group.key, outputs };
}

/** The group of a step that unfolds. */
export function groupOf(step: StepDeclaration, kind: 'composite' | 'pipeline', place: Placement, context: KnownContext): Group {
  const { key, group: parent, needs, matrix } = place;
  const when = step.when && !place.hasWhen ? evaluateKnownCondition(step.when, context) : undefined;
  return {
    key,
    kind,
    title: step.title,
    parent,
    needs,
    failFast: false,
    onFailure: step.onFailure ?? place.onFailure,
    ...(when && { when }),
    ...(place.hasWindow ? {} : windowNames(step.window, context)),
    ...(step.leftOut !== undefined && { leftOut: step.leftOut }),
    ...(step.runbook !== undefined && { runbook: step.runbook }),
    ...(matrix && { matrix }),
    ...(step.timeoutMs !== undefined && { timeoutMs: step.timeoutMs }),
  };
}

/** Whether the composite cannot be unfolded yet. */
function reportUnknownShapes(draft: PlanDraft, step: StepDeclaration, composite: CompositeType, config: Value): boolean {
  const unknown = unknownShapes(composite.with, config);
  draft.findings.push(...unknown.map((path) => diagnose('REL_VALUE_NOT_KNOWN_YET', { field: path.join('.') }, step.placeOf(['with', ...path]))));
  return unknown.length > 0;
}

interface Unfolder {
  /** Adds the steps themselves to the plan and returns the outputs. */
  main(): Readonly<Record<string, Value>>;
  /** Returns the steps of one rollback. */
  rollback(urgency: Urgency): readonly PlanStep[];
}

function unfolderOf(draft: PlanDraft, step: StepDeclaration, composite: CompositeType, config: Value, place: Placement): Unfolder {
  const planned = decodePlanned(composite.with, config) as Parameters<CompositeType['unfold']>[0];
  const unfoldAt = (prefix: string, phase: Placement['phase'], unfold: (into: Unfolding) => object | undefined) => {
    const keyOf = (id: string): string => `${prefix}/${id}`;
    const { into, children } = collectChildren(keyOf);
    const outputs = reportThrown(draft, step, () => unfold(into));
    return { outputs, steps: planChildren(draft, step, children, { ...place, phase }, keyOf) };
  };
  return {
    main() {
      const { outputs, steps } = unfoldAt(place.key, place.phase, (into) => composite.unfold(planned, into));
      draft.steps.push(...steps);
      return encodePlanned(composite.outputs, outputs ?? {}) as Readonly<Record<string, Value>>;
    },
    rollback: (urgency) =>
      unfoldAt(`${place.key}/rollback-${urgency}`, 'rollback', (into) => {
        composite.rollback?.(planned, into, urgency);
        return undefined;
      }).steps,
  };
}

/** Reports what a plugin throws while it unfolds as a finding about the configuration that it was given. */
function reportThrown<T>(draft: PlanDraft, step: StepDeclaration, unfold: () => T): T | undefined {
  try {
    return unfold();
  } catch (error) {
    const uses = step.action.kind === 'composite' ? step.action.uses : step.id;
    const finding = diagnose('REL_UNFOLD_FAILED', { uses, problem: messageOf(error) }, step.placeOf(['uses']));
    const known = readStepError(error);
    draft.findings.push(known ? { ...finding, code: known.code, message: known.message, hint: known.hint ?? finding.hint ?? '' } : finding);
    return undefined;
  }
}

function compositeRollback(draft: PlanDraft, step: StepDeclaration, composite: CompositeType, place: Placement, unfolder: Unfolder): RollbackSteps | undefined {
  if (step.irreversible || step.rollback === 'none') return undefined;
  if (step.rollback) return planRollback(draft, step.rollback, place);
  return 'rollback' in composite ? { now: unfolder.rollback('now'), staged: unfolder.rollback('staged') } : undefined;
}
