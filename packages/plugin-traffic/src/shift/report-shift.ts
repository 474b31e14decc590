import { printPercent } from '../percent.ts';
import { weightOf } from '../sides/divide-traffic.ts';
import type { SideWeights } from '../router-kinds/router.ts';
import type { ServedShare } from '../share/served-share.ts';
import type { ShiftOutputs } from './shift-config.ts';
import type { Survey } from './survey-shift.ts';

/** What the step says when the weights are `now`. */
export function reportShift({ sides, former }: Survey, now: SideWeights, share?: ServedShare): ShiftOutputs {
  const weight = weightOf(sides.candidate, now);
  return { weight, former, share: share === undefined ? 'not-measured' : printShare(share), moved: weight !== former };
}

const printShare = ({ requests, of }: ServedShare) => printPercent(Number(((100 * requests) / of).toFixed(1)));
