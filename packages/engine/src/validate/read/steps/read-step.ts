import type { TSchema } from 'typebox';
import type { Json } from '../../../contract/index.ts';
import type { Path, RawMapping } from '../../../load/raw-pipeline.ts';
import type { Reading } from '../../reading.ts';
import { stepShapes, type ActionKey } from '../../shapes/step-shape.ts';
import { describe } from '../../../schema/describe.ts';
import { isMapping } from '../../structure/is-mapping.ts';
import type { StepDeclaration } from '../../valid-pipeline.ts';
import { gatherSettings } from '../settings/gather-settings.ts';
import { pickAction } from './pick-action.ts';
import { readApproval, readHold } from './read-wait.ts';
import { readAround, readWorking } from './read-around.ts';
import { readRun } from './read-run.ts';
import { readUses } from './read-uses.ts';
import { withoutMisplacedKeys } from './without-misplaced-keys.ts';
import type { ListPlace, StepPlace } from './step-place.ts';

/** The steps of a list; those with a wrong structure are reported and left out. */
export function readSteps(steps: readonly unknown[], list: ListPlace, reading: Reading): StepDeclaration[] {
  return steps.flatMap((step, index) => readStep(step as Json, { ...list, path: [...list.path, index] }, reading) ?? []);
}

function readStep(step: Json, place: ListPlace, reading: Reading): StepDeclaration | undefined {
  const { path } = place;
  if (!isMapping(step)) {
    reading.report('REL_VALUE_UNEXPECTED', { key: 'a step', expected: 'a mapping, e.g. { id: build, run: make }', found: describe(step), close: [] }, path);
    return undefined;
  }
  const subject = subjectOf(step, path);
  const hasId = checkId(step, path, subject, reading);
  const action = pickAction(step, place, subject, reading);
  if (!action) return undefined;
  const here: StepPlace = { ...place, subject, names: reading.namesInStep(path) };
  const own = withoutMisplacedKeys(withSettings(step, action, here, reading), action, here, reading);
  const read = readWhole(action, own, here, reading);
  return hasId ? read : undefined;
}

function withSettings(step: RawMapping, action: ActionKey, { path, subject }: StepPlace, reading: Reading): RawMapping {
  const { steps, composites } = reading.registry;
  const type = action === 'uses' && typeof step['uses'] === 'string' ? (steps.get(step['uses']) ?? composites.get(step['uses'])) : undefined;
  return gatherSettings(step, stepShapes[action].properties, type?.with, path, subject, reading);
}

const subjectOf = ({ id }: RawMapping, path: Path): string =>
  typeof id === 'string' ? `step "${id}"` : `step ${Number(path.at(-1)) + 1}`;

/** An id of the wrong kind, or an empty one, is found with the step's shape. */
function checkId({ id }: RawMapping, path: Path, subject: string, reading: Reading): boolean {
  if (id === undefined) return reportMissingId(path, subject, reading);
  return typeof id === 'string' && id !== '' && reading.hasNameForm('id', id, [...path, 'id']);
}

function reportMissingId(path: Path, subject: string, reading: Reading): false {
  reading.report('REL_ID_MISSING', { subject }, path);
  return false;
}

function readWhole(action: ActionKey, written: unknown, place: StepPlace, reading: Reading): StepDeclaration | undefined {
  switch (action) {
    case 'run': {
      const step = fittingStep(stepShapes.run, written, place, reading);
      return step && { ...readAround(step, place, reading), ...readWorking(step, place, reading, readSteps), ...readRun(step, place, reading) };
    }
    case 'uses': {
      const step = fittingStep(stepShapes.uses, written, place, reading);
      const around = step && { ...readAround(step, place, reading), ...readWorking(step, place, reading, readSteps) };
      const act = step && readUses(step, place, reading);
      return around && act && { ...around, ...act };
    }
    case 'hold': {
      const step = fittingStep(stepShapes.hold, written, place, reading);
      return step && { ...readAround(step, place, reading), ...readHold(step, place, reading) };
    }
    case 'gate': {
      const step = fittingStep(stepShapes.gate, written, place, reading);
      return step && { ...readAround(step, place, reading), action: { kind: 'gate' } };
    }
    case 'approval': {
      const step = fittingStep(stepShapes.approval, written, place, reading);
      return step && { ...readAround(step, place, reading), ...readApproval(step, place, reading) };
    }
  }
}

const fittingStep = <S extends TSchema>(shape: S, step: unknown, { path, subject }: StepPlace, reading: Reading) =>
  reading.fitting(shape, step, path, subject);
