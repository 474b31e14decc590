import type { Json } from '../../../contract/index.ts';
import { type Name, namesIn } from '../../../expressions/names-in.ts';
import { splitTemplated } from '../../../expressions/templates/split-templated.ts';
import { entriesOf, isMapping, type Path, type RawMapping } from '../../../load/raw-pipeline.ts';
import { type Cell, included, matrixCells, maximumCells, productOf } from '../../matrix-cells.ts';
import type { MatrixShape } from '../../shapes/step-shape.ts';
import type { ValidationContext } from '../../validation-context.ts';

/**
 * An entry of `include` that is a combination of its own has every axis that the step reads. With an axis that is an expression, only the
 * plan knows which entries those are.
 */
export function checkIncludedAxes({ axes, include = [], exclude = [] }: MatrixShape, path: Path, context: ValidationContext): void {
  const names = Object.keys(axes);
  if (include.every((entry) => names.every((axis) => axis in entry)) || !areLists(axes)) return;
  if (productOf(axes) + include.length > maximumCells) return;
  const read = axesReadBy(stepAt(context.raw.root, path));
  let cells: readonly Cell[] = matrixCells(axes, { include: [], exclude });
  for (const [index, entry] of include.entries()) {
    const after = included(cells, entry, names);
    const missing = after.length === cells.length ? [] : names.filter((axis) => read.has(axis) && !(axis in entry));
    if (missing.length > 0) context.report('REL_MATRIX_AXIS_MISSING', { axes: missing }, [...path, 'matrix', 'include', index]);
    cells = after;
  }
}

type Lists = Readonly<Record<string, Exclude<MatrixShape['axes'][string], string>>>;
const areLists = (axes: MatrixShape['axes']): axes is Lists => Object.values(axes).every((values) => Array.isArray(values));

function stepAt(root: Json | undefined, path: Path): RawMapping {
  const step = path.reduce<Json | undefined>((value, part) => (value as Record<string | number, Json> | undefined)?.[part], root);
  return isMapping(step) ? step : {};
}

/** The axes that the expressions of a step, and of its rollback, read without a `default`. */
function axesReadBy(step: RawMapping): ReadonlySet<string> {
  const names = entriesOf(step).flatMap(([key, value]) => {
    if (key === 'matrix') return [];
    return key === 'when' && typeof value === 'string' && !value.includes('${{') ? namesIn(value) : namesInside(value);
  });
  const read = names.filter(({ root, isGuarded }) => root === 'matrix' && !isGuarded);
  return new Set(read.flatMap(({ segments: [axis] }) => (axis ? [axis.name] : [])));
}

function namesInside(value: Json): readonly Name[] {
  if (typeof value === 'string') {
    return splitTemplated(value).pieces.flatMap((piece) => (typeof piece === 'string' ? [] : namesIn(piece.source)));
  }
  if (Array.isArray(value)) return value.flatMap((item: Json) => namesInside(item));
  return entriesOf(value).flatMap(([, inside]) => namesInside(inside));
}
