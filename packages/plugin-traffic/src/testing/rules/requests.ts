import { deepEqual, equal, ok } from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Router } from '../../routers/router.ts';
import { sendRequests, underLoad } from '../clients.ts';
import { withRouter } from '../fixture.ts';
import type { RouterRule } from '../router-rig.ts';

export const shareIsServed: RouterRule = {
  sentence: 'the candidate gets its share of 10,000 requests, within the 99.999 % interval, and exactly at 0 % and 100 %',
  holds: (openRig) =>
    withRouter(openRig, async ({ rig, give }) => {
      for (const [percent, requests] of [[10, 10_000], [100, 500], [0, 500]] as const) {
        await give(percent);
        const { answers, drops } = await sendRequests(rig.url, requests);
        deepEqual(drops, []);
        const got = answers['candidate'] ?? 0;
        ok(
          Math.abs(got - (requests * percent) / 100) <= maximumError(requests, percent),
          `${percent} % gave the candidate ${got} of ${requests}`,
        );
      }
    }),
};

/** Half the width of the score interval at 99.999 %: |k - np| <= z * sqrt(np(1-p)). Source: Wilson 1927, as in `steps/share.ts`. */
const maximumError = (requests: number, percent: number): number => 4.4172 * Math.sqrt((requests * percent * (100 - percent)) / 10_000);

export const requestsAreMeasured: RouterRule = {
  sentence: 'the router measures the requests that the sides got',
  needs: 'measure',
  holds: (openRig) =>
    withRouter(openRig, async ({ rig, router, servers, give }) => {
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
      // A router may log a request after it has answered it.
      while ((await counted()).reduce((sum, count) => sum + count, 0) < 1000) await sleep(10);
      deepEqual(await counted(), [stableNow - stable, candidateNow - candidate]);
    }),
};

async function measure(router: Router) {
  const traffic = await router.measure?.();
  if (traffic === undefined) throw new Error(`${router.name} does not measure.`);
  return traffic;
}

export const fiftyChanges: RouterRule = {
  sentence: 'no request is dropped during fifty changes of the weights under load',
  holds: (openRig) =>
    withRouter(openRig, async ({ rig, servers, give, candidate }) => {
      const { answers, drops } = await underLoad(rig.url, async () => {
        for (let change = 1; change <= 50; change += 1) await give((change * 37) % 101);
      });
      deepEqual(drops, []);
      equal(await candidate(), (50 * 37) % 101);
      ok(servers.stable.requests > 0 && servers.candidate.requests > 0, 'both sides served');
      deepEqual(answers, { stable: servers.stable.requests, candidate: servers.candidate.requests }, 'every request reached a side once');
    }),
};
