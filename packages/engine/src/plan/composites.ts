import type { TSchema } from 'typebox';
import { type CompositeType, isStepError, type Unfolding, type Urgency } from '../contract/index.ts';
import { schemaKeyword } from '../contract/schema-words.ts';
import { diagnose } from '../errors/diagnostic.ts';
import { isExpression, isTemplate, type Value } from '../expressions/value.ts';
import { decodePlanned, encodePlanned } from '../schema/planned.ts';
import { entrySchema, fieldSchema, type SchemaNode } from '../schema/schema-node.ts';
import type { Action, StepDeclaration } from '../validate/valid-pipeline.ts';
import { collectChildren, planChildren } from './composite-children.ts';
import type { PlanDraft, Site } from './plan-draft.ts';
import { fold, type Folding, foldWhen } from './evaluate-known.ts';
import { mergeGates } from './gates.ts';
import type { Group, Named, PlanStep, RollbackSteps } from './plan.ts';
import { planRollback } from './rollback.ts';

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

type Path = readonly (string | number)[];

/** Fields that a composite unfolds by and that would be known only in the run: there only scalars may come later. */
export const unknownShapes = (schema: TSchema, value: Value): readonly Path[] => search(schema, value, false, []);

function search(node: SchemaNode, value: Value, isInShape: boolean, path: Path): readonly Path[] {
  const isShape = isInShape || node[schemaKeyword] === 'shape';
  if (typeof value !== 'object' || value === null) return [];
  if (isExpression(value) || isTemplate(value)) return isShape && hasInside(node) ? [path] : [];
  if (Array.isArray(value)) return value.flatMap((entry: Value, n) => search(entrySchema(node, n), entry, isShape, [...path, n]));
  const fields = Object.entries(value as Readonly<Record<string, Value>>);
  return fields.flatMap(([name, field]) => search(fieldSchema(node, name), field, isShape, [...path, name]));
}

const hasInside = ({ type }: SchemaNode): boolean => type === 'array' || type === 'object';
