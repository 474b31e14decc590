import type { Json } from '../contract/index.ts';
import type { ErrorCode, ErrorDetails } from '../errors/catalogue.ts';
import { diagnose } from '../errors/diagnostic.ts';
import { isExpression } from '../expressions/value.ts';
import { type Axes, type Cell, cellName, matrixCells, maximumCells, productOf } from '../validate/matrix-cells.ts';
import type { MatrixDeclaration, StepDeclaration } from '../validate/valid-pipeline.ts';
import { evaluateKnown, evaluateKnownCondition } from './evaluate-known.ts';
import type { Placement, PlanDraft } from './plan-draft.ts';
import type { Named } from './plan-pipeline.ts';
import { readsMatrix, windowNames } from './windows.ts';

type PlanCell = (draft: PlanDraft, step: StepDeclaration, place: Placement) => Named;

/** A step with a matrix as a group with one child per cell. */
export function planMatrix(
  draft: PlanDraft,
  step: StepDeclaration,
  matrix: MatrixDeclaration,
  place: Placement,
  planCell: PlanCell,
): Named {
  const { key, group, needs } = place;
  const when = step.when && !readsMatrix(step.when) ? evaluateKnownCondition(step.when, { draft, placeOf: (path) => step.placeOf(path) }) : undefined;
  const hasWindow = !readsMatrix(step.window);
  const window = hasWindow ? windowNames(step.window, { draft, placeOf: (path) => step.placeOf(path) }) : {};
  const onFailure = step.onFailure ?? place.onFailure;
  const { failFast, maxParallel } = matrix;
  draft.groups.push({
    key,
    kind: 'matrix',
    title: step.title,
    parent: group,
    needs,
    failFast,
    onFailure,
    ...(step.leftOut !== undefined && { leftOut: step.leftOut }),
    ...(when && { when }),
    ...window,
    ...(maxParallel !== undefined && { maxParallel }),
  });
  const cells = cellsOf(draft, step, matrix);
  return {
    kind: 'matrix',
    cells: cells.map((cell) => {
      const isNever = place.isNever === true || step.leftOut !== undefined || when?.$expr === 'false';
      const cellPlace = { ...place, isNever, key: `${key}/${cellName(cell)}`, group: key, needs: [], matrix: cell, onFailure, hasWhen: when !== undefined, hasWindow };
      return { matrix: cell, named: planCell(draft, step, cellPlace) };
    }),
  };
}

function cellsOf(draft: PlanDraft, step: StepDeclaration, matrix: MatrixDeclaration): readonly Cell[] {
  const before = draft.findings.length;
  const axes = axesOf(draft, step, matrix);
  if (draft.findings.length > before) return [];
  const refuse = <C extends ErrorCode>(code: C, details: ErrorDetails<C>): readonly Cell[] => {
    draft.findings.push(diagnose(code, details, step.placeOf(['matrix'])));
    return [];
  };
  const count = productOf(axes);
  if (count > maximumCells) return refuse('REL_MATRIX_TOO_LARGE', { step: step.id, cells: count, maximum: maximumCells });
  const cells = matrixCells(axes, matrix);
  if (cells.length === 0) return refuse('REL_MATRIX_EMPTY', { step: step.id });
  const names = cells.map(cellName);
  const duplicate = names.find((name, index) => names.indexOf(name) !== index);
  return duplicate === undefined ? cells : refuse('REL_MATRIX_CELL_DUPLICATE', { step: step.id, cell: duplicate });
}

function axesOf(draft: PlanDraft, step: StepDeclaration, matrix: MatrixDeclaration): Axes {
  return Object.fromEntries(
    Object.entries(matrix.axes).map(([name, values]) => {
      const placeOf = () => step.placeOf(['matrix', 'axes', name]);
      const known = isExpression(values) ? evaluateKnown(values, { draft, placeOf }) : values;
      if (Array.isArray(known)) return [name, known as readonly Json[]];
      draft.findings.push(diagnose('REL_MATRIX_AXIS_NOT_KNOWN_YET', { axis: name }, placeOf()));
      return [name, []];
    }),
  );
}
