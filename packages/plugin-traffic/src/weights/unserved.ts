import { StepError, type Finding, type ReadContext } from 'relpipe/plugin';
import type { Router, RouterReading, RouterSide, SideWeights, WeightKeeper } from '../routers/router.ts';
import { weightOf } from './weights.ts';

/** Sides that are to get a share, but are down: whatever their weights are, they have no share. */
const unservedSides = (wanted: SideWeights, { sides }: RouterReading): readonly RouterSide[] =>
  sides.filter(({ name, down }) => down !== undefined && weightOf(name, wanted) > 0);

/** For a plan: the run may start the side's servers before it comes to the shift, so that this is a warning. */
export function warnOfUnserved(router: WeightKeeper, wanted: SideWeights, reading: RouterReading): readonly Finding[] {
  const hint = `Start its server before this step, which waits for it for ${servedWithinMs / 1000} s and then fails.`;
  return unservedSides(wanted, reading).map((side) => ({ level: 'warning', code: notReady, message: messageFor(router, side), hint }));
}

/**
 * Waits until every side that is to get a share can be served: a health check may need a moment to see a server that has just started.
 * @throws {StepError} `TRAFFIC_SIDE_NOT_READY` after 30 s
 */
export async function untilServed(
  router: Router,
  wanted: SideWeights,
  reading: RouterReading,
  { clock, log }: Pick<ReadContext, 'clock' | 'log'>,
): Promise<void> {
  const until = clock.now() + servedWithinMs;
  for (let now = reading; ; now = await router.read()) {
    const [unserved] = unservedSides(wanted, now);
    if (unserved === undefined) return;
    if (now === reading) log(`Waiting for ${unserved.name}: ${unserved.down ?? ''}.`);
    if (clock.now() >= until) throw sideNotReady(router, unserved);
    await clock.sleep(pollMs);
  }
}

const servedWithinMs = 30_000;
const pollMs = 250;
const notReady = 'TRAFFIC_SIDE_NOT_READY';

const messageFor = ({ name: router }: WeightKeeper, { name, url, down = '' }: RouterSide) =>
  `The side ${name} (${url}) of ${router} is not served, whatever its weight is: ${down}.`;

const sideNotReady = (router: WeightKeeper, side: RouterSide) =>
  new StepError(notReady, messageFor(router, side), {
    hint: 'Read the log of its server, start it, then run the release again: a side that is down has no share.',
  });
