import type { Json } from '../contract/index.ts';
import { canonicalJson } from '../util/canonical-json.ts';

export type Axes = Readonly<Record<string, readonly Json[]>>;
export type Cell = Readonly<Record<string, Json>>;

/** More are a mistake: every combination is a step of its own. */
export const maximumCells = 1000;

/** How many combinations the axes have. */
export const productOf = (axes: Axes): number => Object.values(axes).reduce((product, { length }) => product * length, 1);

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

/** The cells after one entry of `include`: one more where the entry agrees with none of them. */
export function included(cells: readonly Cell[], entry: Cell, axes: readonly string[]): readonly Cell[] {
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
