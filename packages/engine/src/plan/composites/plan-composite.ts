import { type CompositeType, isStepError, type Unfolding, type Urgency } from '../../contract/index.ts';
import { diagnose } from '../../errors/diagnostic.ts';
import type { Value } from '../../expressions/value.ts';
import type { Action, StepDeclaration } from '../../validate/valid-pipeline.ts';
import { decodePlanned, encodePlanned } from '../../schema/planned.ts';
import type { PlanDraft, Site } from '../draft.ts';
import { fold, type Folding, foldWhen } from '../fold.ts';
import { mergeGates } from '../gates/merge-gates.ts';
import { planChildren } from './plan-children.ts';
import { planRollback } from '../undo/plan-rollback.ts';
import type { Group, Named, PlanStep, RollbackSteps } from '../plan.ts';
import { collectChildren } from './unfolded.ts';
import { unknownShapes } from './unknown-shapes.ts';

type CompositeAction = Extract<Action, { kind: 'composite' }>;

/** A group with what a composite unfolds into, undone as one when its type says how. */
export function planComposite(draft: PlanDraft, step: StepDeclaration, action: CompositeAction, site: Site): Named {
  const composite = draft.pipeline.registry.composites.get(action.uses);
  if (!composite) throw new Error(`${action.uses} was a composite when the pipeline was validated`);
  const folding: Folding = { draft, matrix: site.matrix, placeOf: (path) => step.placeOf(path) };
  const config = fold(action.with, folding, ['with']);
  const group = groupOf(step, site, folding);
  draft.groups.push(group);
  const isPlannable = reportUnknownShapes(draft, step, composite, config);
  const inner: Site = { ...site, group: group.key, onFailure: group.onFailure, gates: mergeGates(site.gates, step.gates) };
  const unfold = unfolder(draft, step, composite, config, inner);
  const outputs = isPlannable ? unfold.main((planned, into) => composite.unfold(planned, into)) : {};
  const undo = isPlannable ? undoOf(draft, step, composite, site, unfold) : undefined;
  if (undo) draft.groups.splice(draft.groups.indexOf(group), 1, { ...group, rollback: undo });
  return { kind: 'composite', group: group.key, outputs };
}

function groupOf(step: StepDeclaration, site: Site, folding: Folding): Group {
  const { key, group: parent, needs, matrix } = site;
  const when = step.when && !site.hasWhen ? foldWhen(step.when, folding) : undefined;
  return {
    key,
    kind: 'composite',
    title: step.title,
    parent,
    needs,
    failFast: false,
    onFailure: step.onFailure ?? site.onFailure,
    ...(when && { when }),
    ...(matrix && { matrix }),
    ...(step.timeoutMs !== undefined && { timeoutMs: step.timeoutMs }),
  };
}

function reportUnknownShapes(draft: PlanDraft, step: StepDeclaration, composite: CompositeType, config: Value): boolean {
  const unknown = unknownShapes(composite.with, config);
  for (const path of unknown) {
    draft.findings.push(diagnose('REL_VALUE_NOT_KNOWN_YET', { field: path.join('.') }, step.placeOf(['with', ...path])));
  }
  return unknown.length === 0;
}

type Planned = Parameters<CompositeType['unfold']>[0];

interface Unfolder {
  /** Unfolds the steps themselves; gives the outputs. */
  main(unfold: (config: Planned, into: Unfolding) => object): Readonly<Record<string, Value>>;
  /** Unfolds one way back. */
  back(urgency: Urgency): readonly PlanStep[];
}

function unfolder(draft: PlanDraft, step: StepDeclaration, composite: CompositeType, config: Value, site: Site): Unfolder {
  const planned = decodePlanned(composite.with, config) as Planned;
  const unfoldAt = (prefix: string, phase: Site['phase'], unfold: (into: Unfolding) => object | undefined) => {
    const keyOf = (id: string): string => `${prefix}/${id}`;
    const { into, children } = collectChildren(keyOf);
    const outputs = guarded(draft, step, () => unfold(into));
    return { outputs, steps: planChildren(draft, step, children, { ...site, phase }, keyOf) };
  };
  return {
    main(unfold) {
      const { outputs, steps } = unfoldAt(site.key, site.phase, (into) => unfold(planned, into));
      draft.steps.push(...steps);
      return encodePlanned(composite.outputs, outputs ?? {}) as Readonly<Record<string, Value>>;
    },
    back: (urgency) =>
      unfoldAt(`${site.key}/rollback-${urgency}`, 'rollback', (into) => {
        composite.rollback?.(planned, into, urgency);
        return undefined;
      }).steps,
  };
}

/** What a plugin throws while it unfolds is a finding about the configuration it was given. */
function guarded<T>(draft: PlanDraft, step: StepDeclaration, unfold: () => T): T | undefined {
  try {
    return unfold();
  } catch (error) {
    const uses = step.action.kind === 'composite' ? step.action.uses : step.id;
    const problem = error instanceof Error ? error.message : String(error);
    const finding = diagnose('REL_UNFOLD_FAILED', { uses, problem }, step.placeOf(['uses']));
    draft.findings.push(isStepError(error) ? { ...finding, code: error.code, message: error.message, hint: error.hint ?? finding.hint ?? '' } : finding);
    return undefined;
  }
}

function undoOf(draft: PlanDraft, step: StepDeclaration, composite: CompositeType, site: Site, unfold: Unfolder): RollbackSteps | undefined {
  if (step.irreversible || step.rollback === 'none') return undefined;
  if (step.rollback) return planRollback(draft, step.rollback, site);
  return 'rollback' in composite ? { now: unfold.back('now'), staged: unfold.back('staged') } : undefined;
}
