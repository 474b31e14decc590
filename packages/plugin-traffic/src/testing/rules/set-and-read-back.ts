import { deepEqual, notEqual } from 'node:assert/strict';
import type { RouterRule } from '../router-rule.ts';
import { withRig } from '../with-rig.ts';

export const setAndReadBack: RouterRule = {
  sentence: 'weights that were set are read back, and each change has a revision of its own',
  holds: (openRig) =>
    withRig(openRig, async ({ router, divide }) => {
      deepEqual((await router.read()).weights, divide(0), 'a rig begins with all traffic on stable');
      for (const percent of [10, 50, 99, 100, 1, 0]) {
        const former = await router.read();
        const said = await router.write(divide(percent), former);
        deepEqual(said.weights, divide(percent));
        deepEqual(await router.read(), said);
        notEqual(said.revision, former.revision);
        deepEqual(said.orElse, undefined, 'a change that was not interrupted leaves no doubt');
      }
    }),
};
