import { isLater, type Finding, type Later, type Provided, type ReadContext } from 'relpipe/plugin';
import { findingFrom } from 'relpipe/plugin/toolkit';
import type { Router } from '../routers/router.ts';
import { isKnownSide, serversOf } from '../weights/join-sides.ts';
import type { PlannedSide } from '../weights/side-setting.ts';

/** For steps that change nothing: the router answers and has the sides, as far as these are known before the run. */
export async function checkSides(
  provided: Provided<Router> | Later<Provided<Router>>,
  sides: readonly PlannedSide[] | Later<unknown>,
  context: ReadContext,
): Promise<readonly Finding[]> {
  if (isLater(provided)) return [];
  try {
    const router = await provided.open(context);
    const reading = await router.read();
    for (const side of isLater(sides) ? [] : sides) if (isKnownSide(side)) serversOf(side, router, reading);
    return [];
  } catch (error) {
    return [{ ...findingFrom(error), level: 'error' }];
  }
}
