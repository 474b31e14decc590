import type { SideWeights } from '@relpipe/plugin-traffic/router';

/** Whole numbers that add up to `total`, in the order of the names; what rounding leaves over goes to the largest. */
export function unitsOf(weights: SideWeights, names: readonly string[], total: number): readonly number[] {
  const units = names.map((name) => Math.round(((weights[name] ?? 0) * total) / 100));
  const left = total - units.reduce((sum, count) => sum + count, 0);
  const largest = units.indexOf(Math.max(...units));
  return units.map((count, n) => (n === largest ? count + left : count));
}

/** Percent by name, four decimals; all 0 where nothing has a weight. */
export function percentOf(units: readonly number[], names: readonly string[]): SideWeights {
  const sum = units.reduce((all, count) => all + count, 0);
  return Object.fromEntries(names.map((name, n) => [name, sum === 0 ? 0 : Number(((100 * (units[n] ?? 0)) / sum).toFixed(4))]));
}
