import type { RawMapping } from '../../load/raw-pipeline.ts';
import type { Reading } from '../reading.ts';
import type { ListPlace } from './step-place.ts';
import { stepShapes, type ActionKey } from '../shapes/step-shape.ts';
import { notBuiltYet } from '../structure/not-built-yet.ts';

export const actionKeys = Object.keys(stepShapes) as ActionKey[];

/** The one key that says what a step does. Chosen first, so that everything else is measured by the right rules. */
export function pickAction(step: RawMapping, place: ListPlace, subject: string, reading: Reading): ActionKey | undefined {
  const { path, phase } = place;
  const found = actionKeys.filter((key) => key in step);
  const [only, second] = found;
  if (only && !second) {
    if (phase !== 'rollback' || only === 'run' || only === 'uses') return only;
    reading.report('REL_ROLLBACK_STEP', { subject, key: only }, reading.raw.placeOfKey([...path, only]));
    return undefined;
  }
  if (second) {
    const related = found.map((key) => ({ at: reading.raw.placeOfKey([...path, key]), note: `\`${key}\` is one` }));
    reading.report('REL_ACTION_TWICE', { subject, found }, path, related);
    return undefined;
  }
  const coming = ['pipeline', 'choose'].find((key) => key in step);
  if (coming !== undefined && notBuiltYet.has(coming)) {
    reading.report('REL_NOT_BUILT_YET', { key: coming }, reading.raw.placeOfKey([...path, coming]));
  } else {
    reading.report('REL_ACTION_MISSING', { subject, actions: actionKeys }, path);
  }
  return undefined;
}
