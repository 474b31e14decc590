import { deepEqual, equal } from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
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
      const counted = async () => {
        const { requests } = await measure(router);
        return Object.values<string>({ ...rig.names }).map((name) => (requests[name] ?? 0) - (before.requests[name] ?? 0));
      };
      // A router may write down a request after it has answered it.
      while ((await counted()).reduce((sum, count) => sum + count, 0) < 1000) await sleep(10);
      deepEqual(await counted(), [stableNow - stable, candidateNow - candidate]);
    }),
};

async function measure(router: Router) {
  const traffic = await router.measure?.();
  if (traffic === undefined) throw new Error(`${router.name} does not measure.`);
  return traffic;
}
