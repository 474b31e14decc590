import { roundPercent } from '../../percent.ts';
import type { SideWeights } from '../router.ts';

/** Weights as most routers keep them: whole numbers, each a part of their sum. */
export type SideUnits = Readonly<Record<string, number>>;

/** What part of the traffic each side has, in percent; all 0 where no side has any. */
export function percentFromUnits(units: SideUnits): SideWeights {
  const sum = Object.values(units).reduce((total, unit) => total + unit, 0);
  return Object.fromEntries(Object.entries(units).map(([side, unit]) => [side, sum === 0 ? 0 : roundPercent((100 * unit) / sum)]));
}
