import { equal } from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { underLoad } from '../clients.ts';
import { withRouter, type RouterFixture } from '../fixture.ts';
import { pipelineIn, type Started } from '../pipeline.ts';
import type { RouterRule } from '../router-rig.ts';

export const killedAndResumed: RouterRule = {
  sentence: 'a relpipe that is killed with SIGKILL during a shift and resumed restores the previous weights when the release fails',
  holds: (openRig) =>
    withRouter(openRig, async (fixture) => {
      await fixture.give(10);
      const pipeline = await pipelineIn(fixture, { then: '{ id: fail, run: "exit 1" }' });
      await withoutDrops(fixture, async () => {
        const first = pipeline.relpipe('run');
        await first.printed('"type":"step-started","step":"release/shift"');
        await kill(first);
        const { code, output } = await pipeline.relpipe('resume').ended;
        equal(code, 3, output);
      });
      equal(await fixture.candidate(), 10);
    }),
};

export const killedAndRolledBack: RouterRule = {
  sentence:
    'a relpipe that is killed with SIGKILL right after setting the weights continues when resumed, and a rollback restores the previous weights',
  holds: (openRig) =>
    withRouter(openRig, async (fixture) => {
      await fixture.give(10);
      const pipeline = await pipelineIn(fixture, { then: '{ id: ask, approval: "Continue?" }' });
      await withoutDrops(fixture, async () => {
        const first = pipeline.relpipe('run');
        while ((await fixture.candidate()) !== 40) await Promise.race([sleep(5), failIfEnded(first)]);
        await kill(first);
        const resumed = await pipeline.relpipe('resume').ended;
        equal(resumed.code, parked, resumed.output);
        equal(await fixture.candidate(), 40);
        const { code, output } = await pipeline.relpipe('rollback', '--reason', 'it was killed').ended;
        equal(code, 3, output);
      });
      equal(await fixture.candidate(), 10);
    }),
};

/** The exit code of a run that waits for a person. */
const parked = 75;

/** Under load, because a share is measured only where there is traffic. No request may be dropped. */
async function withoutDrops({ rig }: RouterFixture, happens: () => Promise<void>): Promise<void> {
  const { drops } = await underLoad(rig.url, happens);
  equal(drops.length, 0, drops[0]);
}

async function failIfEnded({ ended }: Started): Promise<void> {
  const { output } = await ended;
  throw new Error(`It ended before the weights were set:\n${output}`);
}

async function kill({ child, ended }: Started): Promise<void> {
  child.kill('SIGKILL');
  await ended;
}
