import { StepError } from 'relpipe/plugin';
import { printPercent } from '../percent.ts';
import type { Router, SideWeights } from '../router-kinds/router.ts';

/** Somebody else has changed the weights; nobody knows better than they do why, so the step ends here. */
export const driftFrom = (router: Router, expected: SideWeights, found?: SideWeights) =>
  new StepError(
    'TRAFFIC_DRIFT',
    `Somebody else has changed the weights of ${router.name}: expected ${printWeights(expected)}${found ? `, found ${printWeights(found)}` : ''}.`,
    { hint: 'Find out who also sets these weights; then put back what is right and run the release again.' },
  );

const printWeights = (weights: SideWeights) =>
  Object.entries(weights)
    .map(([side, weight]) => `${side} ${printPercent(weight)}`)
    .join(', ');
