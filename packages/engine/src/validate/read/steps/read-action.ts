import type { Json } from '../../../contract/index.ts';
import type { AssertShape, HoldShape, UsesShape } from '../../shapes/step-shape.ts';
import type { StepDeclaration } from '../../valid-pipeline.ts';
import type { ValidationContext } from '../../validation-context.ts';
import { readDuration } from '../read-quantity.ts';
import { readCondition, readPrinted, readString } from '../read-string.ts';
import { isReservedType, readSettings, reportUnknownType } from '../settings.ts';
import type { StepAction, StepPlace } from './step-place.ts';

/** A step of a plugin: its settings are checked against the plugin's own schema. */
export function readUses(step: UsesShape, { path, subject, names, phase }: StepPlace, context: ValidationContext): StepAction | undefined {
  const { steps, composites } = context.registry;
  const { uses } = step;
  if (isReservedType(uses, [...path, 'uses'], context)) return undefined;
  const task = steps.get(uses);
  const type = task ?? composites.get(uses);
  if (!type) {
    reportUnknownType('step type', uses, [...steps.keys(), ...composites.keys()], [...path, 'uses'], context);
    return undefined;
  }
  if (!task && phase === 'rollback') {
    context.report('REL_ROLLBACK_COMPOSITE', { subject, uses }, [...path, 'uses']);
    return undefined;
  }
  const settings = (step.with ?? {}) as Json;
  const at = [...path, 'with'];
  const fits = context.fitsSettings(uses, type.with, settings, at, step.with ? `"with" of ${subject}` : subject);
  const value = readSettings(settings, type.with, at, names, context);
  if (!fits) return undefined;
  return { action: { kind: task ? 'task' : 'composite', uses, with: value }, onLost: task?.onLost ?? 'ask' };
}

export function readHold(step: HoldShape, { path, names }: StepPlace, context: ValidationContext): Pick<StepDeclaration, 'action'> {
  if (!String(step.hold).includes('${{')) readDuration(String(step.hold), [...path, 'hold'], context);
  const wait = readString(String(step.hold), [...path, 'hold'], names, context, 'duration') ?? '0s';
  return { action: { kind: 'hold', for: wait, atEnd: step['at-end'] ?? 'wait' } };
}

export function readAssert(step: AssertShape, { path, names }: StepPlace, context: ValidationContext): Pick<StepDeclaration, 'action'> {
  const message = step.message === undefined ? undefined : readPrinted(step.message, [...path, 'message'], names, context);
  const condition = readCondition(step.assert, [...path, 'assert'], names, context);
  return { action: { kind: 'assert', condition, ...(message !== undefined && { message }) } };
}
