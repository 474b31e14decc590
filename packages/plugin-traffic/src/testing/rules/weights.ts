import { deepEqual, equal, match, notEqual, rejects } from 'node:assert/strict';
import { isStepError } from 'relpipe/plugin';
import { withRouter } from '../fixture.ts';
import { pipelineIn } from '../pipeline.ts';
import { realContext } from '../real-context.ts';
import type { RouterRule } from '../router-rig.ts';

export const weightsAreReadBack: RouterRule = {
  sentence: 'weights are read back as they were set, and each change has a new revision',
  holds: (openRig) =>
    withRouter(openRig, async ({ router, divide }) => {
      deepEqual((await router.read()).weights, divide(0), 'a rig starts with all traffic on stable');
      for (const percent of [10, 50, 99, 100, 1, 0]) {
        const previous = await router.read();
        const reported = await router.write(divide(percent), previous);
        deepEqual(reported.weights, divide(percent));
        deepEqual(await router.read(), reported);
        notEqual(reported.revision, previous.revision);
        deepEqual(reported.possibleWeights, undefined, 'a complete change has no other possible weights');
      }
    }),
};

export const foreignChangeIsDetected: RouterRule = {
  sentence: 'weights that somebody else has changed are read, and are not overwritten by a caller that has not read them',
  holds: (openRig) =>
    withRouter(openRig, async ({ rig, router, divide, give, candidate }) => {
      await give(10);
      const previous = await router.read();
      await rig.setManually({ stable: 60, candidate: 40 });
      const now = await router.read();
      equal(now.weights[rig.names.candidate], 40);
      notEqual(now.revision, previous.revision);
      await rejects(router.write(divide(50), previous), (error: { code?: string }) => error.code === 'TRAFFIC_DRIFT');
      equal(await candidate(), 40, 'nothing was changed');
      await give(50);
      equal(await candidate(), 50, 'a caller that has read them may change them');
    }),
};

export const unknownSideIsRefused: RouterRule = {
  sentence: 'a side that the router does not have is refused before the run, and the sides that it has are listed',
  holds: (openRig) =>
    withRouter(openRig, async (fixture) => {
      const { code, output } = await (await pipelineIn(fixture, { candidate: 'nobody' })).relpipe('run').ended;
      equal(code, 2, output);
      match(output, /TRAFFIC_SIDE_UNKNOWN/);
      match(output, /nobody/);
      for (const name of Object.values<string>({ ...fixture.rig.names }))
        equal(output.includes(name), true, `${name} is not named in:\n${output}`);
      equal(await fixture.candidate(), 0);
    }),
};

export const unreachableRouterIsReported: RouterRule = {
  sentence: 'a router that does not answer is reported before the run, with a code and a hint, as an error that may pass',
  holds: (openRig) =>
    withRouter(openRig, async (fixture) => {
      const { rig, folder } = fixture;
      const read = async () => (await rig.provision.open(rig.unreachable, realContext(folder))).read();
      await rejects(
        read,
        (error) => isStepError(error) && error.code.startsWith('TRAFFIC_') && error.hint !== undefined && error.retryable,
      );
      const { code, output } = await (await pipelineIn(fixture, { router: rig.unreachable })).relpipe('run').ended;
      equal(code, 2, output);
      match(output, /error TRAFFIC_/);
    }),
};
