import type { Value } from '../../expressions/value.ts';
import type { Path } from '../../load/raw-pipeline.ts';
import type { NamesHere } from '../name-scope.ts';
import type { ValidationContext } from '../validation-context.ts';
import { readPrinted } from './read-string.ts';

/** `runs-on:` of a stage or step. Where a step runs is known before the run: no output of a step decides it. */
export function readMachine(
  written: Readonly<Record<string, string>> | undefined,
  path: Path,
  names: NamesHere,
  context: ValidationContext,
): { readonly runsOn?: Readonly<Record<string, Value>> } {
  if (written === undefined) return {};
  const known: NamesHere = { ...names, whyNot: () => 'where a step runs is known before the run' };
  const read = Object.entries(written).map(([name, value]) => [name, readPrinted(value, [...path, name], known, context) ?? '']);
  return { runsOn: Object.fromEntries(read) as Readonly<Record<string, Value>> };
}
