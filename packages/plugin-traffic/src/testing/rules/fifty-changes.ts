import { deepEqual, equal, ok } from 'node:assert/strict';
import { underLoad } from '../clients.ts';
import type { RouterRule } from '../router-rule.ts';
import { withRig } from '../with-rig.ts';

export const fiftyChanges: RouterRule = {
  sentence: 'fifty changes of the weights under load drop no request',
  holds: (openRig) =>
    withRig(openRig, async ({ rig, servers, give, candidate }) => {
      const { answers, drops } = await underLoad(rig.url, async () => {
        for (let change = 1; change <= 50; change += 1) await give((change * 37) % 101);
      });
      deepEqual(drops, []);
      equal(await candidate(), (50 * 37) % 101);
      ok(servers.stable.requests > 0 && servers.candidate.requests > 0, 'both sides served');
      deepEqual(answers, { stable: servers.stable.requests, candidate: servers.candidate.requests }, 'every request reached a side once');
    }),
};
