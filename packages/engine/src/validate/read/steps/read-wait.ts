import type { Value } from '../../../expressions/value.ts';
import type { Reading } from '../../reading.ts';
import type { ApprovalShape, HoldShape } from '../../shapes/step-shape.ts';
import type { StepDeclaration } from '../../valid-pipeline.ts';
import { readDuration } from '../read-quantity.ts';
import { readText } from '../read-text.ts';
import type { StepPlace } from './step-place.ts';

type Act = Pick<StepDeclaration, 'action'>;

export function readHold(step: HoldShape, { path, names }: StepPlace, reading: Reading): Act {
  if (!String(step.hold).includes('${{')) readDuration(String(step.hold), [...path, 'hold'], reading);
  const wait = readText(String(step.hold), [...path, 'hold'], names, reading, 'duration') ?? '0s';
  return { action: { kind: 'hold', for: wait, atEnd: step['at-end'] ?? 'wait' } };
}

export function readApproval(step: ApprovalShape, { path, names }: StepPlace, reading: Reading): Act {
  const { count = 1, of = [] } = step.approvers ?? {};
  const ask = readText(step.approval, [...path, 'approval'], names, reading) ?? '';
  const quorum: Value = typeof count === 'number' ? count : (readText(count, [...path, 'approvers', 'count'], names, reading, 'integer') ?? 1);
  return { action: { kind: 'approval', ask, quorum, of } };
}
