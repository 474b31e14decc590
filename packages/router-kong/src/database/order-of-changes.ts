import { percentFromUnits, type SideUnits } from '@relpipe/plugin-traffic/router';

/**
 * The targets whose weight changes, in an order in which no share strays from between its former and its wanted one on the way, as far
 * as that can be, and never all weights are 0. Of equally good ones those that rise come first: `divisionOf` relies on it.
 */
export function orderOfChanges(former: SideUnits, wanted: SideUnits): readonly string[] {
  const changing = Object.keys(former).filter((target) => former[target] !== (wanted[target] ?? 0));
  const rising = (target: string) => (wanted[target] ?? 0) > (former[target] ?? 0);
  const left = new Set(changing.toSorted((a, b) => Number(rising(b)) - Number(rising(a))));
  const order: string[] = [];
  for (let present = former; left.size > 0; ) {
    const after = (target: string): SideUnits => ({ ...present, [target]: wanted[target] ?? 0 });
    const [best = ''] = [...left].toSorted((a, b) => strayOf(after(a), former, wanted) - strayOf(after(b), former, wanted));
    order.push(best);
    left.delete(best);
    present = after(best);
  }
  return order;
}

/** How far, in percentage points, the worst share lies outside of the former and the wanted one. */
function strayOf(units: SideUnits, former: SideUnits, wanted: SideUnits): number {
  if (Object.values(units).every((count) => count === 0)) return Number.POSITIVE_INFINITY;
  const [shares, from, to] = [units, former, wanted].map(percentFromUnits) as [SideUnits, SideUnits, SideUnits];
  return Math.max(...Object.entries(shares).map(([side, share]) => outside(share, from[side] ?? 0, to[side] ?? 0)));
}

const outside = (share: number, a: number, b: number): number => Math.max(0, Math.min(a, b) - share, share - Math.max(a, b));
