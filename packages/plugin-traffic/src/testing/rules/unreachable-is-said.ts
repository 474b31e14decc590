import { equal, match, rejects } from 'node:assert/strict';
import { isStepError } from 'relpipe/plugin';
import { pipelineIn } from '../pipeline.ts';
import { realContext } from '../real-context.ts';
import type { RouterRule } from '../router-rule.ts';
import { withRig } from '../with-rig.ts';

export const unreachableIsSaid: RouterRule = {
  sentence: 'a router that is not there is said before the run, with a code and what to do, and trying again may help',
  holds: (openRig) =>
    withRig(openRig, async (world) => {
      const { rig, folder } = world;
      const read = async () => (await rig.provision.open(rig.unreachable, realContext(folder))).read();
      await rejects(read, (error) => isStepError(error) && error.code.startsWith('TRAFFIC_') && error.hint !== undefined && error.retryable);
      const { code, output } = await (await pipelineIn(world, { router: rig.unreachable })).relpipe('run').ended;
      equal(code, 2, output);
      match(output, /error TRAFFIC_/);
    }),
};
