import type { Json } from '../../../contract/index.ts';
import type { Reading } from '../../reading.ts';
import type { UsesShape } from '../../shapes/step-shape.ts';
import type { StepDeclaration } from '../../valid-pipeline.ts';
import { isKeyOfItsOwn } from '../settings/is-key-of-its-own.ts';
import { readSettings } from '../settings/read-settings.ts';
import { reportUnknownType } from '../settings/report-unknown-type.ts';
import type { StepPlace } from './step-place.ts';

type Act = Pick<StepDeclaration, 'action' | 'onLost'>;

/** A step of a plugin: its settings are measured by the plugin's own schema. */
export function readUses(step: UsesShape, { path, subject, names, phase }: StepPlace, reading: Reading): Act | undefined {
  const { steps, composites } = reading.registry;
  const { uses } = step;
  if (isKeyOfItsOwn(uses, [...path, 'uses'], reading)) return undefined;
  const task = steps.get(uses);
  const type = task ?? composites.get(uses);
  if (!type) {
    reportUnknownType('step type', uses, [...steps.keys(), ...composites.keys()], [...path, 'uses'], reading);
    return undefined;
  }
  if (!task && phase === 'rollback') {
    reading.report('REL_ROLLBACK_COMPOSITE', { subject, uses }, [...path, 'uses']);
    return undefined;
  }
  const settings = (step.with ?? {}) as Json;
  const at = [...path, 'with'];
  const fits = reading.fitsSettings(uses, type.with, settings, at, step.with ? `"with" of ${subject}` : subject);
  const value = readSettings(settings, type.with, at, names, reading);
  if (!fits) return undefined;
  return { action: { kind: task ? 'task' : 'composite', uses, with: value }, onLost: task?.onLost ?? 'ask' };
}
