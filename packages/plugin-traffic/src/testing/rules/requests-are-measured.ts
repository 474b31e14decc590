import { deepEqual, equal } from 'node:assert/strict';
import type { Router } from '../../router-kinds/router.ts';
import { sendRequests } from '../clients.ts';
import type { RouterRule } from '../router-rule.ts';
import { withRig } from '../with-rig.ts';

export const requestsAreMeasured: RouterRule = {
  sentence: 'what the router measures is what the sides were given',
  needs: 'measure',
  holds: (openRig) =>
    withRig(openRig, async ({ rig, router, servers, give }) => {
      await give(30);
      const before = await measure(router);
      equal(before.revision, (await router.read()).revision, 'the measurement is of these weights');
      const served = () => [servers.stable.requests, servers.candidate.requests] as const;
      const [stable, candidate] = served();
      deepEqual((await sendRequests(rig.url, 1000)).drops, []);
      const [stableNow, candidateNow] = served();
      const after = await measure(router);
      const counted = (name: string) => (after.requests[name] ?? 0) - (before.requests[name] ?? 0);
      deepEqual(
        { stable: counted(rig.names.stable), candidate: counted(rig.names.candidate) },
        { stable: stableNow - stable, candidate: candidateNow - candidate },
      );
    }),
};

async function measure(router: Router) {
  const traffic = await router.measure?.();
  if (traffic === undefined) throw new Error(`${router.name} does not measure.`);
  return traffic;
}
