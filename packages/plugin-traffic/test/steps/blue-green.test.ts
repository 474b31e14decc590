import { describe, expect, test } from 'vitest';
import { sendRequests, underLoad } from '../../src/testing/clients.ts';
import { withRouter, type RouterFixture } from '../../src/testing/fixture.ts';
import { pipelineIn } from '../../src/testing/pipeline.ts';
import type { RigConfig } from '../../src/testing/router-rig.ts';
import { openEmbeddedRig } from '../routers/support/embedded-rig.ts';

const blueGreen = (config: RigConfig) => ({ uses: 'traffic.blue-green', with: { hold: '300ms', ...config } });

/** The answer to a matching request. */
const askMatching = async ({ rig }: RouterFixture) => (await fetch(rig.url, { headers: { 'x-tester': 'yes' } })).text();

describe.concurrent('traffic.blue-green', () => {
  const limit = { timeout: 60_000 };

  test('blue-green switches all traffic at once when both sides answer, and drops no request', limit, () =>
    withRouter(openEmbeddedRig, async (fixture) => {
      const pipeline = await pipelineIn(fixture, { instead: blueGreen({ path: '/', test: { path: '/', requests: 20 } }) });
      const { drops } = await underLoad(fixture.rig.url, async () => {
        const { code, output } = await pipeline.relpipe('run').ended;
        expect(code, output).toBe(0);
      });
      expect(drops).toEqual([]);
      expect(await fixture.candidate()).toBe(100);
    }));

  test('blue-green switches back when the release fails after it', limit, () =>
    withRouter(openEmbeddedRig, async (fixture) => {
      const pipeline = await pipelineIn(fixture, { instead: blueGreen({ match: { header: 'x-tester: yes' } }), then: '{ id: fail, run: "exit 1" }' });
      await underLoad(fixture.rig.url, async () => {
        const { code, output } = await pipeline.relpipe('run').ended;
        expect(code, output).toBe(3);
        });
      expect(await fixture.candidate()).toBe(0);
      expect(await askMatching(fixture)).toBe('stable');
    }));

  test('blue-green that has not switched yet leaves the traffic where it is when it is rolled back', limit, () =>
    withRouter(openEmbeddedRig, async (fixture) => {
      await fixture.give(100);
      const pipeline = await pipelineIn(fixture, { instead: blueGreen({ approval: { question: 'Switch?' } }) });
      const parked = await pipeline.relpipe('run').ended;
      expect(parked.code, parked.output).toBe(75);

      const { code, output } = await pipeline.relpipe('rollback', '--reason', 'the candidate serves already').ended;
      expect(code, output).toBe(1);
      expect(await fixture.candidate()).toBe(100);
    }));

  test.for([30, 100])('the rollback of blue-green restores the %i percent that the candidate had before', limit, (previous) =>
    withRouter(openEmbeddedRig, async (fixture) => {
      await fixture.give(previous);
      const pipeline = await pipelineIn(fixture, { instead: blueGreen({}), then: '{ id: fail, run: "exit 1" }' });
      await underLoad(fixture.rig.url, async () => {
        const { code, output } = await pipeline.relpipe('run').ended;
        expect(code, output).toBe(3);
      });
      expect(await fixture.candidate()).toBe(previous);
    }));

  test('blue-green gives nothing to a candidate that does not answer', limit, () =>
    withRouter(openEmbeddedRig, async (fixture) => {
      await fixture.servers.candidate[Symbol.asyncDispose]();
      const { code, output } = await (await pipelineIn(fixture, { instead: blueGreen({ within: '500ms' }) })).relpipe('run').ended;
      expect(code, output).toBe(1);
      expect(output).toContain('TRAFFIC_SIDE_NOT_READY');
      expect(await fixture.candidate()).toBe(0);
    }));

  test('matching requests get the candidate before the switch, and no longer after the stage', limit, () =>
    withRouter(openEmbeddedRig, async (fixture) => {
      const pipeline = await pipelineIn(fixture, { instead: blueGreen({ match: { header: 'x-tester: yes' }, approval: { question: 'Switch?' } }) });
      const parked = await pipeline.relpipe('run').ended;
      expect(parked.code, parked.output).toBe(75);
      expect([await askMatching(fixture), await (await fetch(fixture.rig.url)).text()]).toEqual(['candidate', 'stable']);
      expect((await sendRequests(fixture.rig.url, 50)).answers).toEqual({ stable: 50 });

      // A preview is torn down, and so nothing had to be rolled back.
      const { code, output } = await pipeline.relpipe('rollback', '--reason', 'the preview failed').ended;
      expect(code, output).toBe(1);
      expect(await askMatching(fixture)).toBe('stable');
    }));
});
