import { deepEqual, ok } from 'node:assert/strict';
import { sendRequests } from '../clients.ts';
import type { RouterRule } from '../router-rule.ts';
import { withRig } from '../with-rig.ts';

export const shareIsServed: RouterRule = {
  sentence: 'of 10,000 requests the candidate gets its share, within the 99.999 % interval, and at 0 % and 100 % exactly',
  holds: (openRig) =>
    withRig(openRig, async ({ rig, give }) => {
      for (const [percent, requests] of [[10, 10_000], [100, 500], [0, 500]] as const) {
        await give(percent);
        const { answers, drops } = await sendRequests(rig.url, requests);
        deepEqual(drops, []);
        const got = answers['candidate'] ?? 0;
        ok(Math.abs(got - (requests * percent) / 100) <= mostOff(requests, percent), `${percent} % gave the candidate ${got} of ${requests}`);
      }
    }),
};

/** Half the width of the score interval at 99.999 %: |k - np| <= z * sqrt(np(1-p)). Source: Wilson 1927, as in `served-share.ts`. */
const mostOff = (requests: number, percent: number): number => 4.4172 * Math.sqrt((requests * percent * (100 - percent)) / 10_000);
