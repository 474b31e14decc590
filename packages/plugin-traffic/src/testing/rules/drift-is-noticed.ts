import { equal, notEqual, rejects } from 'node:assert/strict';
import type { RouterRule } from '../router-rule.ts';
import { withRig } from '../with-rig.ts';

export const driftIsNoticed: RouterRule = {
  sentence: 'weights that another hand has changed are read, and never overwritten by who has not seen them',
  holds: (openRig) =>
    withRig(openRig, async ({ rig, router, divide, give, candidate }) => {
      await give(10);
      const former = await router.read();
      await rig.setByHand({ stable: 60, candidate: 40 });
      const now = await router.read();
      equal(now.weights[rig.names.candidate], 40);
      notEqual(now.revision, former.revision);
      await rejects(router.write(divide(50), former), (error: { code?: string }) => error.code === 'TRAFFIC_DRIFT');
      equal(await candidate(), 40, 'nothing was changed');
      await give(50);
      equal(await candidate(), 50, 'who has seen them may');
    }),
};
