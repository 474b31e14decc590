import type { Path, RawMapping } from '../../../load/raw-pipeline.ts';
import { stepShapes, type ActionKey } from '../../shapes/step-shape.ts';
import { list } from '../../../util/phrases.ts';
import { suggestKeys, notImplemented } from '../../structure/suggestions.ts';
import type { ValidationContext } from '../../validation-context.ts';
import type { ListPlace, StepPlace } from './step-place.ts';

const actionKeys = Object.keys(stepShapes) as ActionKey[];

/** The one key that says what a step does. It is chosen first, so that everything else is checked against the right schema. */
export function pickAction(step: RawMapping, place: ListPlace, subject: string, context: ValidationContext): ActionKey | undefined {
  const { path, phase } = place;
  const found = actionKeys.filter((key) => key in step);
  const [only, second] = found;
  if (only && !second) {
    if (only === 'pipeline' && phase !== 'main') {
      const belongs = 'the steps of a stage, not in `finally` or `rollback`';
      context.report('REL_KEY_MISPLACED', { key: only, where: subject, belongs }, context.raw.placeOfKey([...path, only]));
      return undefined;
    }
    if (phase !== 'rollback' || only === 'run' || only === 'uses') return only;
    context.report('REL_ROLLBACK_STEP_INVALID', { subject, key: only }, context.raw.placeOfKey([...path, only]));
    return undefined;
  }
  if (second) {
    const related = found.map((key) => ({ at: context.raw.placeOfKey([...path, key]), note: `\`${key}\` is here` }));
    context.report('REL_ACTION_AMBIGUOUS', { subject, found, kind: 'step' }, path, related);
    return undefined;
  }
  const coming = ['choose'].find((key) => key in step);
  if (coming !== undefined && notImplemented.has(coming)) {
    context.report('REL_NOT_IMPLEMENTED', { key: coming }, context.raw.placeOfKey([...path, coming]));
  } else if (!reportStrayAction(step, path, subject, context)) {
    context.report('REL_ACTION_MISSING', { subject, actions: actionKeys }, path);
  }
  return undefined;
}

const stepKeys: ReadonlySet<string> = new Set(Object.values(stepShapes).flatMap(({ properties }) => Object.keys(properties)));

/** The action under another name: `script:` of another tool, a typo such as `rum:`, or `run:make` without the space. */
function reportStrayAction(step: RawMapping, path: Path, subject: string, context: ValidationContext): boolean {
  for (const key of Object.keys(step)) {
    if (stepKeys.has(key)) continue;
    const at = context.raw.placeOfKey([...path, key]);
    const [, name, value] = /^(\w+):(.+)$/.exec(key) ?? [];
    const close = suggestKeys(key, actionKeys);
    if (name !== undefined && value !== undefined && step[key] === null) context.report('REL_YAML_COLON_SPACE', { key: name, value }, at);
    else if (close.length > 0) context.report('REL_KEY_UNKNOWN', { key, where: subject, close, known: actionKeys }, at);
    else continue;
    return true;
  }
  return false;
}

/** Keys that only other kinds of step have, or that mean something only in other places, get a finding of their own. */
export function withoutMisplacedKeys(step: RawMapping, action: ActionKey, place: StepPlace, context: ValidationContext): RawMapping {
  const misplaced = Object.keys(step).filter((key) => {
    const belongs = belongsElsewhere(key, action, place);
    if (belongs === undefined) return false;
    const at = context.raw.placeOfKey([...place.path, key]);
    context.report('REL_KEY_MISPLACED', { key, where: place.subject, belongs }, at);
    return true;
  });
  return Object.fromEntries(Object.entries(step).filter(([key]) => !misplaced.includes(key)));
}

function belongsElsewhere(key: string, action: ActionKey, { phase, isParallel }: StepPlace): string | undefined {
  if (key === 'needs' && !isParallel) return 'steps of a stage with `parallel: true`; elsewhere steps run in order';
  if ((key === 'rollback' || key === 'window' || key === 'skippable') && phase !== 'main') return 'the steps of a stage';
  if (phase === 'rollback' && notInRollback.has(key)) return 'the step that is rolled back';
  if (hasKey(action, key)) return undefined;
  const owners = actionKeys.filter((other) => hasKey(other, key));
  return owners.length > 0 ? `${list(owners.map((owner) => `\`${owner}\``))} steps` : undefined;
}

/** A step of a rollback has no gates, matrix or failure policy of its own. */
const notInRollback: ReadonlySet<string> = new Set(['gates', 'irreversible', 'matrix', 'wake-every', 'on-failure']);

const hasKey = (action: ActionKey, key: string): boolean => key in stepShapes[action].properties;
