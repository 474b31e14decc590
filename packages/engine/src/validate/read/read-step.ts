import type { Json } from '../../contract/index.ts';
import type { Path, RawMapping } from '../../load/raw-pipeline.ts';
import type { Reading } from '../reading.ts';
import { stepShapes, type ActionKey } from '../shapes/step-shape.ts';
import type { StepDeclaration } from '../valid-pipeline.ts';
import { isMapping, pickAction } from './pick-action.ts';
import { readAction } from './read-action.ts';
import { readAround } from './read-around.ts';
import { refuseMisplacedKeys } from './refuse-misplaced-keys.ts';
import type { StepSetting } from './step-setting.ts';

/** One step; undefined when its structure is wrong, which is then reported. */
export function readStep(step: Json, setting: StepSetting, reading: Reading): StepDeclaration | undefined {
  const { path } = setting;
  if (!isMapping(step)) {
    reading.report('REL_VALUE_WRONG', { key: 'a step', expected: 'a mapping, e.g. { id: build, run: make }', found: 'something else', close: [] }, path);
    return undefined;
  }
  const subject = subjectOf(step, path);
  const action = pickAction(step, path, subject, reading);
  const hasId = checkId(step, path, subject, reading);
  if (!action) return undefined;
  const own = refuseMisplacedKeys(step, action, setting, subject, reading);
  const read = readFitting(action, own, setting, subject, reading);
  return hasId ? read : undefined;
}

/** Steps of a list; those with a wrong structure are left out. */
export function readSteps(steps: readonly unknown[], base: Omit<StepSetting, 'path'>, path: Path, reading: Reading): StepDeclaration[] {
  return steps.flatMap((step, index) => readStep(step as Json, { ...base, path: [...path, index] }, reading) ?? []);
}

const subjectOf = ({ id }: RawMapping, path: Path): string =>
  typeof id === 'string' ? `step "${id}"` : `step ${Number(path.at(-1)) + 1}`;

function checkId(step: RawMapping, path: Path, subject: string, reading: Reading): boolean {
  const { id } = step;
  if (id === undefined || id === null) {
    reading.report('REL_ID_MISSING', { subject }, path);
    return false;
  }
  return reading.hasNameForm(id, [...path, 'id'], reading.raw.placeOf([...path, 'id']));
}

function readFitting(
  action: ActionKey,
  step: RawMapping,
  setting: StepSetting,
  subject: string,
  reading: Reading,
): StepDeclaration | undefined {
  if (!reading.fits(stepShapes[action], step, setting.path, subject)) return undefined;
  const around = readAround(step as never, action, setting, reading, readSteps);
  const what = readAction(action, step as never, setting, reading);
  if (!what) return undefined;
  return { ...around, ...what };
}
