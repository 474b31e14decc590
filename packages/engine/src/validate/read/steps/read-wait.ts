import type { Value } from '../../../expressions/value.ts';
import type { Path } from '../../../load/raw-pipeline.ts';
import type { NamesAt } from '../../names-at.ts';
import type { Reading } from '../../reading.ts';
import type { ApprovalShape, HoldShape } from '../../shapes/step-shape.ts';
import { describe } from '../../../schema/describe.ts';
import type { StepDeclaration } from '../../valid-pipeline.ts';
import { readDuration } from '../read-quantity.ts';
import { readPrinted, readText } from '../read-text.ts';
import type { StepPlace } from './step-place.ts';

type Act = Pick<StepDeclaration, 'action'>;

export function readHold(step: HoldShape, { path, names }: StepPlace, reading: Reading): Act {
  if (!String(step.hold).includes('${{')) readDuration(String(step.hold), [...path, 'hold'], reading);
  const wait = readText(String(step.hold), [...path, 'hold'], names, reading, 'duration') ?? '0s';
  return { action: { kind: 'hold', for: wait, atEnd: step['at-end'] ?? 'wait' } };
}

export function readApproval(step: ApprovalShape, { path, names }: StepPlace, reading: Reading): Act {
  const { count = 1, of = [] } = step.approvers ?? {};
  const ask = readPrinted(step.approval, [...path, 'approval'], names, reading) ?? '';
  return { action: { kind: 'approval', ask, quorum: readCount(count, [...path, 'approvers', 'count'], names, reading), of } };
}

/** A text is a number of people only as an expression. */
function readCount(count: string | number, path: Path, names: NamesAt, reading: Reading): Value {
  if (typeof count === 'number') return count;
  if (count.includes('${{')) return readText(count, path, names, reading, 'integer') ?? 1;
  reading.report('REL_VALUE_UNEXPECTED', { key: '"count"', expected: 'a number of people, 1 or more', found: describe(count), close: [] }, path);
  return 1;
}
