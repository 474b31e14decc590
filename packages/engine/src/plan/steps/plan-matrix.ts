import type { Json } from '../../contract/index.ts';
import { namesIn } from '../../expressions/names-in.ts';
import type { ErrorCode, ErrorDetails } from '../../errors/catalogue.ts';
import { diagnose } from '../../errors/diagnostic.ts';
import { isExpression } from '../../expressions/value.ts';
import type { MatrixDeclaration, StepDeclaration } from '../../validate/valid-pipeline.ts';
import type { PlanDraft, Site } from '../draft.ts';
import { fold, foldWhen } from '../fold.ts';
import { type Axes, type Cell, cellName, matrixCells, mostCells, productOf } from './matrix-cells.ts';
import type { Named } from '../plan.ts';

type PlanCell = (draft: PlanDraft, step: StepDeclaration, site: Site) => Named;

/** A group with one child per cell. */
export function planMatrix(
  draft: PlanDraft,
  step: StepDeclaration,
  matrix: MatrixDeclaration,
  site: Site,
  planCell: PlanCell,
): Named {
  const { key, group, needs } = site;
  const readsMatrix = step.when !== undefined && namesIn(step.when.$expr).some(({ root }) => root === 'matrix');
  const when = step.when && !readsMatrix ? foldWhen(step.when, { draft, placeOf: (path) => step.placeOf(path) }) : undefined;
  const onFailure = step.onFailure ?? site.onFailure;
  const { failFast, maxParallel } = matrix;
  draft.groups.push({
    key,
    kind: 'matrix',
    title: step.title,
    parent: group,
    needs,
    failFast,
    onFailure,
    ...(when && { when }),
    ...(maxParallel !== undefined && { maxParallel }),
  });
  const cells = cellsOf(draft, step, matrix);
  return {
    kind: 'matrix',
    cells: cells.map((cell) => {
      const cellSite = { ...site, key: `${key}/${cellName(cell)}`, group: key, needs: [], matrix: cell, onFailure, hasWhen: when !== undefined };
      return { matrix: cell, named: planCell(draft, step, cellSite) };
    }),
  };
}

function cellsOf(draft: PlanDraft, step: StepDeclaration, matrix: MatrixDeclaration): readonly Cell[] {
  const before = draft.findings.length;
  const axes = axesOf(draft, step, matrix);
  if (draft.findings.length > before) return [];
  const refused = <C extends ErrorCode>(code: C, details: ErrorDetails<C>): readonly Cell[] => {
    draft.findings.push(diagnose(code, details, step.placeOf(['matrix'])));
    return [];
  };
  const count = productOf(axes);
  if (count > mostCells) return refused('REL_MATRIX_TOO_LARGE', { step: step.id, cells: count, maximum: mostCells });
  const cells = matrixCells(axes, matrix);
  if (cells.length === 0) return refused('REL_MATRIX_EMPTY', { step: step.id });
  const names = cells.map(cellName);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined ? cells : refused('REL_MATRIX_CELL_DUPLICATE', { step: step.id, cell: twice });
}

function axesOf(draft: PlanDraft, step: StepDeclaration, matrix: MatrixDeclaration): Axes {
  return Object.fromEntries(
    Object.entries(matrix.axes).map(([name, values]) => {
      const place = () => step.placeOf(['matrix', 'axes', name]);
      const folded = isExpression(values) ? fold(values, { draft, placeOf: place }) : values;
      if (Array.isArray(folded)) return [name, folded as readonly Json[]];
      draft.findings.push(diagnose('REL_MATRIX_AXIS_NOT_KNOWN_YET', { axis: name }, place()));
      return [name, []];
    }),
  );
}

