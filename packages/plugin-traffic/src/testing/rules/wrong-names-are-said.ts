import { equal, match } from 'node:assert/strict';
import { pipelineIn } from '../pipeline.ts';
import type { RouterRule } from '../router-rule.ts';
import { withRig } from '../with-rig.ts';

export const wrongNamesAreSaid: RouterRule = {
  sentence: 'a side that the router does not have is refused before the run, with those it has',
  holds: (openRig) =>
    withRig(openRig, async (world) => {
      const { code, output } = await (await pipelineIn(world, { candidate: 'nobody' })).relpipe('run').ended;
      equal(code, 2, output);
      match(output, /TRAFFIC_SIDE_UNKNOWN/);
      match(output, /nobody/);
      for (const name of Object.values<string>({ ...world.rig.names })) equal(output.includes(name), true, `${name} is not named in:\n${output}`);
      equal(await world.candidate(), 0);
    }),
};
