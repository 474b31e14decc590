import type { RawMapping } from '../../../load/raw-pipeline.ts';
import type { Reading } from '../../reading.ts';
import { stepShapes, type ActionKey } from '../../shapes/step-shape.ts';
import { actionKeys } from './pick-action.ts';
import type { StepPlace } from './step-place.ts';

/** Keys that only other kinds of step have, or that mean something only in other places, get a finding of their own. */
export function withoutMisplacedKeys(step: RawMapping, action: ActionKey, place: StepPlace, reading: Reading): RawMapping {
  const misplaced = Object.keys(step).filter((key) => {
    const belongs = belongsElsewhere(key, action, place);
    if (belongs === undefined) return false;
    const at = reading.raw.placeOfKey([...place.path, key]);
    reading.report('REL_KEY_MISPLACED', { key, where: place.subject, belongs }, at);
    return true;
  });
  return Object.fromEntries(Object.entries(step).filter(([key]) => !misplaced.includes(key)));
}

function belongsElsewhere(key: string, action: ActionKey, { phase, isParallel }: StepPlace): string | undefined {
  if (key === 'needs' && !isParallel) return 'steps of a stage with `parallel: true`; elsewhere steps run in order';
  if (key === 'rollback' && phase !== 'main') return 'the steps of a stage';
  if (phase === 'rollback' && notOfUndo.has(key)) return 'the step that is undone, which a rollback takes back as a whole';
  if (hasKey(action, key)) return undefined;
  const owners = actionKeys.filter((other) => hasKey(other, key));
  return owners.length > 0 ? owners.map((owner) => `\`${owner}\``).join(' and ') + ' steps' : undefined;
}

/** An undo is not undone, watched, multiplied or excused. */
const notOfUndo: ReadonlySet<string> = new Set(['gates', 'irreversible', 'matrix', 'max-blind', 'on-failure']);

const hasKey = (action: ActionKey, key: string): boolean => key in stepShapes[action].properties;
