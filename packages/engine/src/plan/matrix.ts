import type { Json } from '../contract/index.ts';
import type { ErrorCode, ErrorDetails } from '../errors/catalogue.ts';
import { diagnose } from '../errors/diagnostic.ts';
import { namesIn } from '../expressions/names-in.ts';
import { isExpression } from '../expressions/value.ts';
import type { MatrixDeclaration, StepDeclaration } from '../validate/valid-pipeline.ts';
import { evaluateKnown, evaluateKnownCondition } from './evaluate-known.ts';
import { canonicalJson } from './fingerprint.ts';
import type { Placement, PlanDraft } from './plan-draft.ts';
import type { Named } from './plan.ts';

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
  const readsMatrix = step.when !== undefined && namesIn(step.when.$expr).some(({ root }) => root === 'matrix');
  const when = step.when && !readsMatrix ? evaluateKnownCondition(step.when, { draft, placeOf: (path) => step.placeOf(path) }) : undefined;
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
    ...(when && { when }),
    ...(maxParallel !== undefined && { maxParallel }),
  });
  const cells = cellsOf(draft, step, matrix);
  return {
    kind: 'matrix',
    cells: cells.map((cell) => {
      const cellPlace = { ...place, key: `${key}/${cellName(cell)}`, group: key, needs: [], matrix: cell, onFailure, hasWhen: when !== undefined };
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

type Axes = Readonly<Record<string, readonly Json[]>>;
type Cell = Readonly<Record<string, Json>>;

/** More are a mistake: every combination is a step of its own. */
const maximumCells = 1000;

/** How many combinations the axes have. */
const productOf = (axes: Axes): number => Object.values(axes).reduce((product, { length }) => product * length, 1);

/**
 * The cells of a matrix, in the order of the file: the product of its axes, without what `exclude` names. An `include` adds its other
 * values to every cell whose axes it agrees with; where there is none, it is a cell of its own (as in GitHub Actions).
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
  const hasMore = shared.length < Object.keys(entry).length;
  const matches = cells.filter((cell) => agrees(cell, entry, shared) && axes.some((axis) => axis in cell));
  if (matches.length === 0) return [...cells, entry];
  return hasMore ? cells.map((cell) => (matches.includes(cell) ? { ...cell, ...withoutAxes(entry, axes) } : cell)) : cells;
}

const withoutAxes = (entry: Cell, axes: readonly string[]): Cell =>
  Object.fromEntries(Object.entries(entry).filter(([name]) => !axes.includes(name)));

const agrees = (cell: Cell, entry: Cell, names: readonly string[]): boolean =>
  names.every((name) => canonicalJson(cell[name] ?? null) === canonicalJson(entry[name] ?? null));

/** `python=3.10,os=linux`: part of the step's key. Characters with a meaning in keys are written in percent form. */
export const cellName = (cell: Cell): string =>
  Object.entries(cell)
    .map(([name, value]) => `${name}=${escapeInKey(typeof value === 'string' ? value : canonicalJson(value))}`)
    .join(',');

const escapeInKey = (text: string): string => text.replaceAll(/[%/!,=\s"]/g, (char) => encodeURIComponent(char));
