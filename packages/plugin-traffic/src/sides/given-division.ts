import { StepError } from 'relpipe/plugin';
import { printPercent } from '../percent.ts';
import type { Router, RouterReading, SideWeights } from '../router-kinds/router.ts';
import { divideTraffic, weightOf } from './divide-traffic.ts';
import type { SidePair } from './find-sides.ts';

/**
 * The division that the router will have when it is asked for `percent` for the candidate.
 * @throws {StepError} `TRAFFIC_SHARE_UNSUPPORTED` when that is another share in the eyes of whoever asked
 */
export function givenDivision(percent: number, sides: SidePair, router: Router, reading: RouterReading): SideWeights {
  const asked = divideTraffic(percent, sides, reading);
  const given = router.nearest?.(asked) ?? asked;
  const share = weightOf(sides.candidate, given);
  if (Math.abs(share - percent) > tolerance) throw shareUnsupported(router, percent, share);
  return given;
}

/** Percentage points. */
const tolerance = 0.05;

const shareUnsupported = (router: Router, percent: number, nearest: number) =>
  new StepError('TRAFFIC_SHARE_UNSUPPORTED', `${router.name} cannot give a side ${printPercent(percent)} of the traffic.`, {
    hint: `The nearest it can give is ${printPercent(nearest)}.`,
  });
