import { describe, expect, test } from 'vitest';
import { sendRequests, underLoad } from '../../src/testing/clients.ts';
import { pipelineIn } from '../../src/testing/pipeline.ts';
import type { RigConfig } from '../../src/testing/router-rig.ts';
import { withRig, type World } from '../../src/testing/with-rig.ts';
import { openEmbeddedRig } from '../router-kinds/support/embedded-rig.ts';

const blueGreen = (config: RigConfig) => ({ uses: 'traffic.blue-green', with: { hold: '300ms', ...config } });

/** What a client gets who says to be a tester. */
const asTester = async ({ rig }: World) => (await fetch(rig.url, { headers: { 'x-tester': 'yes' } })).text();

describe.concurrent('blue-green', () => {
  const limit = { timeout: 60_000 };

  test('switches everything at once when both sides are up, and drops nothing', limit, () =>
    withRig(openEmbeddedRig, async (world) => {
      const pipeline = await pipelineIn(world, { instead: blueGreen({ path: '/', test: { path: '/', requests: 20 } }) });
      const { drops } = await underLoad(world.rig.url, async () => {
        const { code, output } = await pipeline.relpipe('run').ended;
        expect(code, output).toBe(0);
      });
      expect(drops).toEqual([]);
      expect(await world.candidate()).toBe(100);
    }));

  test('switches back when the release fails after it', limit, () =>
    withRig(openEmbeddedRig, async (world) => {
      const pipeline = await pipelineIn(world, { instead: blueGreen({ testers: { header: 'x-tester: yes' } }), then: '{ id: fail, run: "exit 1" }' });
      await underLoad(world.rig.url, async () => {
        const { code, output } = await pipeline.relpipe('run').ended;
        expect(code, output).toBe(3);
        });
      expect(await world.candidate()).toBe(0);
      expect(await asTester(world)).toBe('stable');
    }));

  test('that never switched leaves the traffic where it was, on either side', limit, () =>
    withRig(openEmbeddedRig, async (world) => {
      await world.give(100);
      const pipeline = await pipelineIn(world, { instead: blueGreen({ approve: 'Switch?' }) });
      const parked = await pipeline.relpipe('run').ended;
      expect(parked.code, parked.output).toBe(75);

      const { code, output } = await pipeline.relpipe('abort', '--reason', 'the candidate serves already').ended;
      expect(code, output).toBe(1);
      expect(await world.candidate()).toBe(100);
    }));

  test.for([30, 100])('gives a candidate that had %i percent before the release those again', limit, (former) =>
    withRig(openEmbeddedRig, async (world) => {
      await world.give(former);
      const pipeline = await pipelineIn(world, { instead: blueGreen({}), then: '{ id: fail, run: "exit 1" }' });
      await underLoad(world.rig.url, async () => {
        const { code, output } = await pipeline.relpipe('run').ended;
        expect(code, output).toBe(3);
      });
      expect(await world.candidate()).toBe(former);
    }));

  test('a candidate that does not answer gets nothing', limit, () =>
    withRig(openEmbeddedRig, async (world) => {
      await world.servers.candidate[Symbol.asyncDispose]();
      const { code, output } = await (await pipelineIn(world, { instead: blueGreen({ within: '500ms' }) })).relpipe('run').ended;
      expect(code, output).toBe(1);
      expect(output).toContain('TRAFFIC_SIDE_NOT_READY');
      expect(await world.candidate()).toBe(0);
    }));

  test('testers have the candidate before anybody else, and nobody has it for himself afterwards', limit, () =>
    withRig(openEmbeddedRig, async (world) => {
      const pipeline = await pipelineIn(world, { instead: blueGreen({ testers: { header: 'x-tester: yes' }, approve: 'Switch?' }) });
      const parked = await pipeline.relpipe('run').ended;
      expect(parked.code, parked.output).toBe(75);
      expect([await asTester(world), await (await fetch(world.rig.url)).text()]).toEqual(['candidate', 'stable']);
      expect((await sendRequests(world.rig.url, 50)).answers).toEqual({ stable: 50 });

      const { code, output } = await pipeline.relpipe('abort', '--reason', 'the testers do not like it').ended;
      expect(code, output).toBe(3);
      expect(await asTester(world)).toBe('stable');
    }));
});
