import { equal } from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { underLoad } from '../clients.ts';
import { pipelineIn, type Started } from '../pipeline.ts';
import type { RouterRule } from '../router-rule.ts';
import { withRig, type World } from '../with-rig.ts';

export const killedAndResumed: RouterRule = {
  sentence: 'relpipe, killed with -9 in the middle of a shift and resumed, ends with the former weights when the release fails',
  holds: (openRig) =>
    withRig(openRig, async (world) => {
      await world.give(10);
      const pipeline = await pipelineIn(world, { then: '{ id: fail, run: "exit 1" }' });
      await quietly(world, async () => {
        const first = pipeline.relpipe('run');
        await first.printed('"type":"step-started","step":"release/shift"');
        await kill(first);
        const { code, output } = await pipeline.relpipe('resume').ended;
        equal(code, 3, output);
      });
      equal(await world.candidate(), 10);
    }),
};

export const killedAndAborted: RouterRule = {
  sentence: 'relpipe, killed with -9 when the weights are just set, goes on when it is resumed, and an abort brings the former weights back',
  holds: (openRig) =>
    withRig(openRig, async (world) => {
      await world.give(10);
      const pipeline = await pipelineIn(world, { then: '{ id: ask, approval: "Go on?" }' });
      await quietly(world, async () => {
        const first = pipeline.relpipe('run');
        while ((await world.candidate()) !== 40) await Promise.race([sleep(5), neverEnds(first)]);
        await kill(first);
        const resumed = await pipeline.relpipe('resume').ended;
        equal(resumed.code, parked, resumed.output);
        equal(await world.candidate(), 40);
        const { code, output } = await pipeline.relpipe('abort', '--reason', 'it was killed').ended;
        equal(code, 3, output);
      });
      equal(await world.candidate(), 10);
    }),
};

/** The exit code of a run that waits for a person. */
const parked = 75;

/** A share is measured only where there is traffic; clients lose nothing by all this. */
async function quietly({ rig }: World, happens: () => Promise<void>): Promise<void> {
  const { drops } = await underLoad(rig.url, happens);
  equal(drops.length, 0, drops[0]);
}

async function neverEnds({ ended }: Started): Promise<void> {
  const { output } = await ended;
  throw new Error(`It ended before the weights were set:\n${output}`);
}

async function kill({ child, ended }: Started): Promise<void> {
  child.kill('SIGKILL');
  await ended;
}
