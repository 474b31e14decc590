import { roundPercent } from '../percent.ts';
import type { SideWeights } from '../router-kinds/router.ts';
import type { SidePair } from './find-sides.ts';

/** The weights that a shift asks for, by the names it was given: what can be said of them when the router does not answer. */
export const asNamed = ({ stable, candidate, weight }: SidePair & { readonly weight: number }): SideWeights => ({
  [stable]: roundPercent(100 - weight),
  [candidate]: weight,
});
