import type { TSchema } from 'typebox';
import type { Json } from '../../../contract/index.ts';
import { isMapping, type Path, type RawMapping } from '../../../load/raw-pipeline.ts';
import { describe } from '../../../schema/describe.ts';
import { stepShapes, type ActionKey } from '../../shapes/step-shape.ts';
import type { StepDeclaration } from '../../valid-pipeline.ts';
import type { ValidationContext } from '../../validation-context.ts';
import { gatherSettings } from '../settings.ts';
import { pickAction, withoutMisplacedKeys } from './step-keys.ts';
import type { ListPlace, StepPlace } from './step-place.ts';
import { readCommonKeys, readWorkingKeys } from './read-common-keys.ts';
import { readPipelineStep } from './read-pipeline-step.ts';
import { readRun } from './read-run.ts';
import { readApproval } from './read-approval.ts';
import { readAssert, readHold, readUses } from './read-action.ts';

/** The steps of a list; those with a wrong structure are reported and left out. */
export function readSteps(steps: readonly unknown[], list: ListPlace, context: ValidationContext): StepDeclaration[] {
  return steps.flatMap((step, index) => readStep(step as Json, { ...list, path: [...list.path, index] }, context) ?? []);
}

function readStep(step: Json, place: ListPlace, context: ValidationContext): StepDeclaration | undefined {
  const { path } = place;
  if (!isMapping(step)) {
    context.report(
      'REL_VALUE_UNEXPECTED',
      { key: 'a step', expected: 'a mapping, e.g. { id: build, run: make }', found: describe(step), close: [] },
      path,
    );
    return undefined;
  }
  const subject = subjectOf(step, path);
  const hasId = checkId(step, path, subject, context);
  const action = pickAction(step, place, subject, context);
  if (!action) return undefined;
  const here: StepPlace = { ...place, subject, names: context.namesInStep(path) };
  const own = withoutMisplacedKeys(withSettings(step, action, here, context), action, here, context);
  const read = readWhole(action, own, here, context);
  return hasId ? read : undefined;
}

function withSettings(step: RawMapping, action: ActionKey, { path, subject }: StepPlace, context: ValidationContext): RawMapping {
  const { steps, composites } = context.registry;
  const type =
    action === 'uses' && typeof step['uses'] === 'string' ? (steps.get(step['uses']) ?? composites.get(step['uses'])) : undefined;
  return gatherSettings(step, stepShapes[action].properties, type?.with, path, subject, context);
}

const subjectOf = ({ id }: RawMapping, path: Path): string => (typeof id === 'string' ? `step "${id}"` : `step ${Number(path.at(-1)) + 1}`);

/** An id of the wrong kind, or an empty one, is found with the step's shape. */
function checkId({ id }: RawMapping, path: Path, subject: string, context: ValidationContext): boolean {
  if (id === undefined) return reportMissingId(path, subject, context);
  return typeof id === 'string' && id !== '' && context.hasNameForm('id', id, [...path, 'id']);
}

function reportMissingId(path: Path, subject: string, context: ValidationContext): false {
  context.report('REL_ID_MISSING', { subject }, path);
  return false;
}

function readWhole(action: ActionKey, written: unknown, place: StepPlace, context: ValidationContext): StepDeclaration | undefined {
  switch (action) {
    case 'run': {
      const step = fittingStep(stepShapes.run, written, place, context);
      return (
        step && { ...readCommonKeys(step, place, context), ...readWorkingKeys(step, place, context, readSteps), ...readRun(step, place, context) }
      );
    }
    case 'uses': {
      const step = fittingStep(stepShapes.uses, written, place, context);
      const keys = step && { ...readCommonKeys(step, place, context), ...readWorkingKeys(step, place, context, readSteps) };
      const act = step && readUses(step, place, context);
      return keys && act && { ...keys, ...act };
    }
    case 'pipeline': {
      const step = fittingStep(stepShapes.pipeline, written, place, context);
      const keys = step && readCommonKeys(step, place, context);
      const act = step && readPipelineStep(step, place, context);
      return keys && act && { ...keys, ...act };
    }
    case 'hold': {
      const step = fittingStep(stepShapes.hold, written, place, context);
      return step && { ...readCommonKeys(step, place, context), ...readHold(step, place, context) };
    }
    case 'gate': {
      const step = fittingStep(stepShapes.gate, written, place, context);
      return step && { ...readCommonKeys(step, place, context), action: { kind: 'gate' } };
    }
    case 'approval': {
      const step = fittingStep(stepShapes.approval, written, place, context);
      return step && { ...readCommonKeys(step, place, context), ...readApproval(step, place, context) };
    }
    case 'assert': {
      const step = fittingStep(stepShapes.assert, written, place, context);
      return step && { ...readCommonKeys(step, place, context), ...readAssert(step, place, context) };
    }
  }
}

const fittingStep = <S extends TSchema>(shape: S, step: unknown, { path, subject }: StepPlace, context: ValidationContext) =>
  context.fitting(shape, step, path, subject);
