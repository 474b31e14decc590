import type { RollbackContext } from 'relpipe/plugin';
import { printPercent } from '../percent.ts';
import { weightOf } from '../sides/divide-traffic.ts';
import { findSides } from '../sides/find-sides.ts';
import { lowerWeights } from '../sides/lower-weights.ts';
import { goBack } from '../sides/go-back.ts';
import type { ShiftConfig, ShiftOutputs, ShiftState } from './shift-config.ts';

/** Puts the saved weights back, unless that would give the candidate more than it has. Never waits for the share. */
export async function rollbackShift(config: ShiftConfig, context: RollbackContext<ShiftState, ShiftOutputs>): Promise<void> {
  if (context.saved === undefined) return;
  const former = context.saved.weights;
  const router = await config.router.open(context);
  const { candidate, weights } = await goBack(router, { candidate: config.candidate, weights: former }, async () => {
    const sides = findSides(config, router, await router.read());
    return { ...sides, ...(await lowerWeights(router, sides.candidate, former)) };
  });
  const [present, before] = [weightOf(candidate, weights), weightOf(candidate, former)];
  const rest = present < before ? `; it had ${printPercent(before)}, but a way back gives it no more` : '';
  context.log(`${candidate} has ${printPercent(present)} of ${router.name}${rest}.`);
}
