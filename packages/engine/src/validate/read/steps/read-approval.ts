import type { Value } from '../../../expressions/value.ts';
import { readChecklist } from '../../../load/read-checklist.ts';
import type { Path } from '../../../load/raw-pipeline.ts';
import { describe } from '../../../schema/describe.ts';
import type { NamesHere } from '../../name-scope.ts';
import type { ApprovalShape } from '../../shapes/step-shape.ts';
import type { ApprovalAction, PeopleDeclaration, StepDeclaration } from '../../valid-pipeline.ts';
import type { ValidationContext } from '../../validation-context.ts';
import { readPrinted, readString } from '../read-string.ts';
import type { StepPlace } from './step-place.ts';

/** A question to people. */
export function readApproval(step: ApprovalShape, { path, names }: StepPlace, context: ValidationContext): Pick<StepDeclaration, 'action'> {
  const { count = 1, of, except, delegates } = step.approvers ?? {};
  const people = (key: string, list: readonly string[]): PeopleDeclaration => readPeople(list, [...path, 'approvers', key], names, context);
  const action: ApprovalAction = {
    kind: 'approval',
    ask: readPrinted(step.approval, [...path, 'approval'], names, context) ?? '',
    quorum: readCount(count, [...path, 'approvers', 'count'], names, context),
    ...(of && { of: people('of', of) }),
    ...(except && { except: people('except', except) }),
    ...(delegates && { delegates: people('delegates', delegates) }),
    ...(step.items !== undefined && { items: readItems(step.items, [...path, 'items'], names, context) }),
    ...(step['at-timeout'] === 'approve' && { atTimeout: 'approve' }),
  };
  return { action };
}

/** A word is a group, an expression returns names. */
const readPeople = (list: readonly string[], path: Path, names: NamesHere, context: ValidationContext): PeopleDeclaration =>
  list.map((entry, n) => (entry.includes('${{') ? { names: readString(entry, [...path, n], names, context) ?? '' } : { group: entry }));

/** A string is a number of people only as an expression. */
function readCount(count: string | number, path: Path, names: NamesHere, context: ValidationContext): Value {
  if (typeof count === 'number' || count === 'all') return count;
  if (count.includes('${{')) return readString(count, path, names, context, 'integer') ?? 1;
  context.report(
    'REL_VALUE_UNEXPECTED',
    { key: '"count"', expected: 'a number of people, 1 or more, or all', found: describe(count), close: [] },
    path,
  );
  return 1;
}

function readItems(items: string | readonly string[], path: Path, names: NamesHere, context: ValidationContext): readonly Value[] {
  if (typeof items !== 'string') return items.map((item, n) => readPrinted(item, [...path, n], names, context) ?? item);
  if (items.includes('${{')) {
    context.report('REL_LITERAL_REQUIRED', { key: 'items', kind: 'name of the file' }, path);
    return [];
  }
  const read = readChecklist(context.raw.folder, items);
  if (read.ok) return read.items;
  context.report('REL_CHECKLIST_INVALID', { file: items, because: read.because }, path);
  return [];
}
