import type { Json } from '../contract/index.ts';
import type { ErrorCode, ErrorDetails } from '../errors/catalogue.ts';
import { diagnose } from '../errors/diagnostic.ts';
import { namesIn } from '../expressions/names-in.ts';
import { isExpression } from '../expressions/value.ts';
import type { MatrixDeclaration, StepDeclaration } from '../validate/valid-pipeline.ts';
import { canonicalJson } from './fingerprint.ts';
import type { PlanDraft, Site } from './plan-draft.ts';
import { fold, foldWhen } from './evaluate-known.ts';
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

export type Axes = Readonly<Record<string, readonly Json[]>>;
export type Cell = Readonly<Record<string, Json>>;

/** More are a slip of the pen: every combination is a step of its own. */
export const mostCells = 1000;

/** How many combinations the axes have. */
export const productOf = (axes: Axes): number => Object.values(axes).reduce((product, { length }) => product * length, 1);

/**
 * The cells of a matrix, in the order of the file: the product of its axes, without what `exclude` names. An `include` adds its further
 * values to every cell whose axes it agrees with, else it is a cell of its own (as in GitHub Actions).
 */
export function matrixCells(axes: Axes, { include, exclude }: { readonly include: readonly Cell[]; readonly exclude: readonly Cell[] }): readonly Cell[] {
  const product = Object.entries(axes).reduce<readonly Cell[]>(
    (cells, [name, values]) => cells.flatMap((cell) => values.map((value) => ({ ...cell, [name]: value }))),
    [{}],
  );
  const kept = product.filter((cell) => Object.keys(cell).length > 0 && !exclude.some((entry) => agrees(cell, entry, Object.keys(entry))));
  return include.reduce<readonly Cell[]>((cells, entry) => included(cells, entry, Object.keys(axes)), kept);
}

function included(cells: readonly Cell[], entry: Cell, axes: readonly string[]): readonly Cell[] {
  const shared = Object.keys(entry).filter((name) => axes.includes(name));
  const isFurther = shared.length < Object.keys(entry).length;
  const matches = cells.filter((cell) => agrees(cell, entry, shared) && axes.some((axis) => axis in cell));
  if (matches.length === 0) return [...cells, entry];
  return isFurther ? cells.map((cell) => (matches.includes(cell) ? { ...cell, ...further(entry, axes) } : cell)) : cells;
}

const further = (entry: Cell, axes: readonly string[]): Cell =>
  Object.fromEntries(Object.entries(entry).filter(([name]) => !axes.includes(name)));

const agrees = (cell: Cell, entry: Cell, names: readonly string[]): boolean =>
  names.every((name) => canonicalJson(cell[name] ?? null) === canonicalJson(entry[name] ?? null));

/** `python=3.10,os=linux`: part of the step's key. Characters with a meaning in keys are written in percent form. */
export const cellName = (cell: Cell): string =>
  Object.entries(cell)
    .map(([name, value]) => `${name}=${escaped(typeof value === 'string' ? value : canonicalJson(value))}`)
    .join(',');

const escaped = (text: string): string => text.replaceAll(/[%/!,=\s"]/g, (char) => encodeURIComponent(char));
