import type { RunContext } from 'relpipe/plugin';
import { printExposition } from '../exposition/print-exposition.ts';
import { familiesIn } from './families-in.ts';
import { openPlace } from './open-place.ts';
import type { Change, PushConfig, Pushed } from './push-config.ts';

/** Replaces what is there. What was there is saved first. */
export async function runPush(config: PushConfig, context: RunContext<Change>): Promise<Pushed> {
  const place = openPlace(config, context);
  const pushed = printExposition(familiesIn(config));
  // A second attempt must not take the work of the first for the former state.
  const former = context.saved ? context.saved.former : ((await place.read()) ?? null);
  await context.saveState({ pushed, former });
  await place.write(pushed);
  context.log(`${config.metrics.length} values in ${place.name}`);
  return { place: place.name, replaced: former !== null };
}
