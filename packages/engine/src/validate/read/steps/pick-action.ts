import type { Path, RawMapping } from '../../../load/raw-pipeline.ts';
import type { Reading } from '../../reading.ts';
import type { ListPlace } from './step-place.ts';
import { stepShapes, type ActionKey } from '../../shapes/step-shape.ts';
import { meantKeys } from '../../structure/meant-keys.ts';
import { notBuiltYet } from '../../structure/not-built-yet.ts';

export const actionKeys = Object.keys(stepShapes) as ActionKey[];

/** The one key that says what a step does. Chosen first, so that everything else is measured by the right rules. */
export function pickAction(step: RawMapping, place: ListPlace, subject: string, reading: Reading): ActionKey | undefined {
  const { path, phase } = place;
  const found = actionKeys.filter((key) => key in step);
  const [only, second] = found;
  if (only && !second) {
    if (phase !== 'rollback' || only === 'run' || only === 'uses') return only;
    reading.report('REL_ROLLBACK_STEP_INVALID', { subject, key: only }, reading.raw.placeOfKey([...path, only]));
    return undefined;
  }
  if (second) {
    const related = found.map((key) => ({ at: reading.raw.placeOfKey([...path, key]), note: `\`${key}\` is one` }));
    reading.report('REL_ACTION_AMBIGUOUS', { subject, found, kind: 'step' }, path, related);
    return undefined;
  }
  const coming = ['pipeline', 'choose'].find((key) => key in step);
  if (coming !== undefined && notBuiltYet.has(coming)) {
    reading.report('REL_NOT_IMPLEMENTED', { key: coming }, reading.raw.placeOfKey([...path, coming]));
  } else if (!reportStrayAction(step, path, subject, reading)) {
    reading.report('REL_ACTION_MISSING', { subject, actions: actionKeys }, path);
  }
  return undefined;
}

const stepKeys: ReadonlySet<string> = new Set(Object.values(stepShapes).flatMap(({ properties }) => Object.keys(properties)));

/** `script:` of another tool, a slip of the pen like `rum:`, or `run:make` without the space: the action is there under another name. */
function reportStrayAction(step: RawMapping, path: Path, subject: string, reading: Reading): boolean {
  for (const key of Object.keys(step)) {
    if (stepKeys.has(key)) continue;
    const at = reading.raw.placeOfKey([...path, key]);
    const [, name, value] = /^(\w+):(.+)$/.exec(key) ?? [];
    const close = meantKeys(key, actionKeys);
    if (name !== undefined && value !== undefined && step[key] === null) reading.report('REL_YAML_COLON_SPACE', { key: name, value }, at);
    else if (close.length > 0) reading.report('REL_KEY_UNKNOWN', { key, where: subject, close, known: actionKeys }, at);
    else continue;
    return true;
  }
  return false;
}
