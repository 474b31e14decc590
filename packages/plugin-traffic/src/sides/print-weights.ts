import { printPercent } from '../percent.ts';
import type { SideWeights } from '../router-kinds/router.ts';

/** E.g. `stable 90%, candidate 10%`. */
export const printWeights = (weights: SideWeights): string =>
  Object.entries(weights)
    .map(([side, weight]) => `${side} ${printPercent(weight)}`)
    .join(', ');
