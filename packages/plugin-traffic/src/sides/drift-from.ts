import { StepError } from 'relpipe/plugin';
import type { SideWeights, WeightKeeper } from '../router-kinds/router.ts';
import { printWeights } from './print-weights.ts';

/** Somebody else has changed the weights; nobody knows better than they do why, so the step ends here. */
export const driftFrom = ({ name }: WeightKeeper, expected: SideWeights, found?: SideWeights) =>
  new StepError(
    'TRAFFIC_DRIFT',
    `Somebody else has changed the weights of ${name}: expected ${printWeights(expected)}${found ? `, found ${printWeights(found)}` : ''}.`,
    { hint: 'Find out who also sets these weights; then put back what is right and run the release again.' },
  );
