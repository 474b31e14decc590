import type { Json } from '../../contract/index.ts';
import { expressionOf } from '../../expressions/expression-of.ts';
import type { Expression } from '../../expressions/value.ts';
import type { Path } from '../../load/raw-pipeline.ts';
import type { Reading } from '../reading.ts';
import type { MatrixShape } from '../shapes/step-shape.ts';
import type { MatrixDeclaration } from '../valid-pipeline.ts';
import { reportInText, findingsIn } from './read-text.ts';
import type { StepPlace } from './step-place.ts';

type Cell = Readonly<Record<string, Json>>;

export function readMatrix(matrix: MatrixShape, { path }: StepPlace, reading: Reading): MatrixDeclaration {
  const at = [...path, 'matrix'];
  const { include = [], exclude = [] } = matrix;
  for (const [index, cell] of exclude.entries()) checkAxes(cell, matrix, [...at, 'exclude', index], reading);
  for (const [index, cell] of include.entries()) checkAxes(cell, matrix, [...at, 'include', index], reading);
  const axes = Object.entries(matrix.axes).map(([axis, values]) => [axis, readAxis(values, [...at, 'axes', axis], reading)]);
  return {
    axes: Object.fromEntries(axes) as MatrixDeclaration['axes'],
    include,
    exclude,
    ...(matrix['max-parallel'] !== undefined && { maxParallel: matrix['max-parallel'] }),
    failFast: matrix['fail-fast'] ?? true,
  };
}

function checkAxes(cell: Cell, { axes }: MatrixShape, path: Path, reading: Reading): void {
  for (const axis of Object.keys(cell)) {
    if (!(axis in axes)) reading.reportUnknown('axis', axis, Object.keys(axes), reading.raw.placeOfKey([...path, axis]));
  }
}

/** A list, or one expression over the inputs: the plan is built before any step has given anything. */
function readAxis(values: string | readonly Json[], path: Path, reading: Reading): readonly Json[] | Expression {
  if (typeof values !== 'string') return values;
  const [, open = '', source = values] = /^(\s*\$\{\{)(.*)\}\}\s*$/s.exec(values) ?? [];
  const names = reading.settled.withoutSteps('the plan is built, with every combination of its matrix, before any step has run');
  reportInText(findingsIn({ source, offset: open.length }, names, reading, 'list'), path, reading);
  return expressionOf(source);
}
