import { driftFrom } from '../sides/drift-from.ts';
import { isSameDivision, mayBe } from '../sides/divide-traffic.ts';
import { refuseOtherSide } from '../sides/find-sides.ts';
import { givenDivision } from '../sides/given-division.ts';
import type { Router, RouterReading, SideWeights } from '../router-kinds/router.ts';
import type { ShiftConfig, ShiftState } from './shift-config.ts';
import type { Survey } from './survey-shift.ts';

/** Before a shift: the weights are those it was told of, or those that an earlier attempt found or left. @throws {StepError} `TRAFFIC_DRIFT` */
export function refuseForeignWeights(config: ShiftConfig, saved: ShiftState | undefined, survey: Survey): void {
  const { router, sides, reading, wanted } = survey;
  refuseOtherSide(sides, router, reading);
  const expected = saved?.weights ?? (config.from === undefined ? undefined : givenDivision(config.from, sides, router, reading));
  if (expected === undefined || mayBe(expected, reading)) return;
  if (saved !== undefined && mayBe(wanted, reading)) return;
  throw driftFrom(router, expected, reading.weights);
}

/** After a shift: nobody has touched the weights since they were set. @throws {StepError} `TRAFFIC_DRIFT` */
export function refuseForeignChange(router: Router, wanted: SideWeights, set: RouterReading, now: RouterReading): void {
  if (now.revision === set.revision && isSameDivision(now.weights, wanted)) return;
  throw driftFrom(router, wanted, now.weights);
}
