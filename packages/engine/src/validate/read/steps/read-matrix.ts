import type { Json } from '../../../contract/index.ts';
import { expressionOf } from '../../../expressions/names-in.ts';
import type { Expression } from '../../../expressions/value.ts';
import type { Path } from '../../../load/raw-pipeline.ts';
import { closestNames } from '../../../util/closest-names.ts';
import type { Reading } from '../../reading.ts';
import type { MatrixShape } from '../../shapes/step-shape.ts';
import type { MatrixDeclaration } from '../../valid-pipeline.ts';
import { describe } from '../../../schema/describe.ts';
import { reportInText, findingsIn } from '../read-text.ts';
import type { StepPlace } from './step-place.ts';

type Cell = Readonly<Record<string, Json>>;

export function readMatrix(matrix: MatrixShape, { path }: StepPlace, reading: Reading): MatrixDeclaration {
  const at = [...path, 'matrix'];
  const { include = [], exclude = [] } = matrix;
  for (const [index, cell] of exclude.entries()) checkExcluded(cell, matrix, [...at, 'exclude', index], reading);
  for (const [index, cell] of include.entries()) checkIncluded(cell, matrix, [...at, 'include', index], reading);
  const axes = Object.entries(matrix.axes).map(([axis, values]) => [axis, readAxis(values, [...at, 'axes', axis], reading)]);
  return {
    axes: Object.fromEntries(axes) as MatrixDeclaration['axes'],
    include,
    exclude,
    ...(matrix['max-parallel'] !== undefined && { maxParallel: matrix['max-parallel'] }),
    failFast: matrix['fail-fast'] ?? true,
  };
}

function checkExcluded(cell: Cell, { axes }: MatrixShape, path: Path, reading: Reading): void {
  for (const axis of Object.keys(cell)) {
    if (!(axis in axes)) reading.reportUnknown('axis', axis, Object.keys(axes), reading.raw.placeOfKey([...path, axis]));
  }
}

/** An included combination may bring values of its own; what looks like an axis is a slip of the pen. */
function checkIncluded(cell: Cell, { axes }: MatrixShape, path: Path, reading: Reading): void {
  for (const name of Object.keys(cell)) {
    if (name in axes || closestNames(name, Object.keys(axes)).length === 0) continue;
    reading.reportUnknown('axis', name, Object.keys(axes), reading.raw.placeOfKey([...path, name]));
  }
}

/** A list, or one expression over the inputs: the plan is built before any step has given anything. */
function readAxis(values: string | readonly Json[], path: Path, reading: Reading): readonly Json[] | Expression {
  if (typeof values !== 'string') return values;
  if (!values.includes('${{')) {
    const details = { key: `"${String(path.at(-1))}"`, expected: 'a list of values, or ${{ an expression over the inputs }}', found: describe(values), close: [], fix: `Write it as a list: [${values}].` };
    reading.report('REL_VALUE_UNEXPECTED', details, path);
    return [values];
  }
  const [, open = '', source = values] = /^(\s*\$\{\{)(.*)\}\}\s*$/s.exec(values) ?? [];
  const names = reading.settled.withoutSteps('the plan is built, with every combination of its matrix, before any step has run');
  reportInText(findingsIn({ source, offset: open.length }, names, reading, 'list'), path, reading);
  return expressionOf(source);
}
