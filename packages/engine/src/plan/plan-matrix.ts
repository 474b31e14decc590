import type { Json } from '../contract/index.ts';
import { namesIn } from '../expressions/names-in.ts';
import { diagnose } from '../errors/diagnose.ts';
import { isExpression } from '../expressions/value.ts';
import type { MatrixDeclaration, StepDeclaration } from '../validate/valid-pipeline.ts';
import type { PlanDraft, Site } from './draft.ts';
import { fold, foldWhen } from './fold.ts';
import { type Axes, cellName, matrixCells } from './matrix-cells.ts';
import type { Named } from './plan.ts';

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
  const cells = matrixCells(axesOf(draft, step, matrix), matrix);
  if (cells.length === 0) draft.findings.push(diagnose('REL_MATRIX_EMPTY', { step: step.id }, step.placeOf(['matrix'])));
  return {
    kind: 'matrix',
    cells: cells.map((cell) => {
      const cellSite = { ...site, key: `${key}/${cellName(cell)}`, group: key, needs: [], matrix: cell, onFailure, hasWhen: when !== undefined };
      return { matrix: cell, named: planCell(draft, step, cellSite) };
    }),
  };
}

function axesOf(draft: PlanDraft, step: StepDeclaration, matrix: MatrixDeclaration): Axes {
  return Object.fromEntries(
    Object.entries(matrix.axes).map(([name, values]) => {
      const place = () => step.placeOf(['matrix', 'axes', name]);
      const folded = isExpression(values) ? fold(values, { draft, placeOf: place }) : values;
      if (Array.isArray(folded)) return [name, folded as readonly Json[]];
      draft.findings.push(diagnose('REL_MATRIX_AXIS_UNKNOWN', { axis: name }, place()));
      return [name, []];
    }),
  );
}

