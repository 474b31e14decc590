import type { Json } from '../../contract/index.ts';
import type { Path } from '../../load/raw-pipeline.ts';
import { shapeErrors } from '../../schema/shape-errors.ts';
import { concurrency, type ConcurrencyShape } from '../shapes/concurrency-shape.ts';
import type { ConcurrencyDeclaration } from '../valid-pipeline.ts';
import type { ValidationContext } from '../validation-context.ts';
import { readPrinted } from './read-string.ts';

const shape = concurrency('');

/** The group of runs of a file or a stage, which is left out where its shape is wrong. Its name is known before anything starts. */
export function readConcurrency(value: Json | undefined, path: Path, context: ValidationContext): { concurrency?: ConcurrencyDeclaration } {
  if (value === undefined || shapeErrors(shape, value).length > 0) return {};
  const written = value as ConcurrencyShape;
  if (written === 'none') return { concurrency: 'none' };
  const { group, 'on-conflict': onConflict } = written;
  const names = context.scope.withoutSteps('the group of a run is known before the run starts');
  const name = group === undefined ? undefined : readPrinted(group, [...path, 'group'], names, context);
  return { concurrency: { ...(name !== undefined && { group: name }), ...(onConflict && { onConflict }), at: context.raw.placeOf(path) } };
}
