import type { Json } from '../../../contract/index.ts';
import { expressionOf } from '../../../expressions/names-in.ts';
import type { Expression } from '../../../expressions/value.ts';
import type { Path } from '../../../load/raw-pipeline.ts';
import { closestNames } from '../../../util/closest-names.ts';
import type { ValidationContext } from '../../validation-context.ts';
import type { MatrixShape } from '../../shapes/step-shape.ts';
import type { MatrixDeclaration } from '../../valid-pipeline.ts';
import { describe } from '../../../schema/describe.ts';
import { reportInString, findingsIn } from '../read-string.ts';
import { checkIncludedAxes } from './check-included-axes.ts';
import type { StepPlace } from './step-place.ts';

type Cell = Readonly<Record<string, Json>>;

export function readMatrix(matrix: MatrixShape, { path }: StepPlace, context: ValidationContext): MatrixDeclaration {
  const at = [...path, 'matrix'];
  const { include = [], exclude = [] } = matrix;
  for (const [index, cell] of exclude.entries()) checkExcluded(cell, matrix, [...at, 'exclude', index], context);
  for (const [index, cell] of include.entries()) checkIncluded(cell, matrix, [...at, 'include', index], context);
  checkIncludedAxes(matrix, path, context);
  const axes = Object.entries(matrix.axes).map(([axis, values]) => [axis, readAxis(values, [...at, 'axes', axis], context)]);
  return {
    axes: Object.fromEntries(axes) as MatrixDeclaration['axes'],
    include,
    exclude,
    ...(matrix['max-parallel'] !== undefined && { maxParallel: matrix['max-parallel'] }),
    failFast: matrix['fail-fast'] ?? true,
  };
}

function checkExcluded(cell: Cell, { axes }: MatrixShape, path: Path, context: ValidationContext): void {
  for (const axis of Object.keys(cell)) {
    if (!(axis in axes)) context.reportUnknown('axis', axis, Object.keys(axes), context.raw.placeOfKey([...path, axis]));
  }
}

/** An included combination may add values of its own; a name close to an axis is a typo. */
function checkIncluded(cell: Cell, { axes }: MatrixShape, path: Path, context: ValidationContext): void {
  for (const name of Object.keys(cell)) {
    if (name in axes || closestNames(name, Object.keys(axes)).length === 0) continue;
    context.reportUnknown('axis', name, Object.keys(axes), context.raw.placeOfKey([...path, name]));
  }
}

/** A list, or one expression over the inputs: the plan is built before any step has run. */
function readAxis(values: string | readonly Json[], path: Path, context: ValidationContext): readonly Json[] | Expression {
  if (typeof values !== 'string') return values;
  if (!values.includes('${{')) {
    const details = {
      key: `"${String(path.at(-1))}"`,
      expected: 'a list of values, or ${{ an expression over the inputs }}',
      found: describe(values),
      close: [],
      fix: `Write it as a list: [${values}].`,
    };
    context.report('REL_VALUE_UNEXPECTED', details, path);
    return [values];
  }
  const [, open = '', source = values] = /^(\s*\$\{\{)(.*)\}\}\s*$/s.exec(values) ?? [];
  const names = context.scope.withoutSteps('the combinations of a matrix are planned before any step has run');
  reportInString(findingsIn({ source, offset: open.length }, names, context, 'list'), path, context);
  return expressionOf(source);
}
