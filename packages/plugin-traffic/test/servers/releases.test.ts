import { describe, expect, test } from 'vitest';
import { needing } from '../../../../test/support/servers.ts';
import { runConfirm } from '../../src/confirm/run-confirm.ts';
import { underLoad } from '../../src/testing/clients.ts';
import { pipelineIn } from '../../src/testing/pipeline.ts';
import { realContext } from '../../src/testing/real-context.ts';
import type { RigConfig } from '../../src/testing/router-rig.ts';
import { withRig, type World } from '../../src/testing/with-rig.ts';
import { openPlainHaproxyRig } from './support/haproxy.ts';
import { openPlainNginxRig } from './support/nginx.ts';

const canary = { uses: 'traffic.canary', with: { phases: [{ weight: '10%', hold: '300ms' }, { weight: '50%', hold: '300ms' }, { weight: '100%', hold: '300ms' }] } };
const blueGreen = { uses: 'traffic.blue-green', with: { path: '/', test: { path: '/', requests: 20 }, hold: '300ms' } };
const fails = '{ id: fail, run: "exit 1" }';

/** The weights that were given on the way, as the shifts said them. */
const weightsIn = (output: string): readonly string[] => [...output.matchAll(/"output":\{"weight":"(\d+%)","former"/g)].map(([, weight = '']) => weight);

interface Release {
  readonly instead: { readonly uses: string; readonly with: RigConfig };
  readonly then?: string;
}

/** Runs a release under load. */
async function released(world: World, release: Release): Promise<{ code: number | null; output: string; candidate: number; drops: readonly string[] }> {
  const pipeline = await pipelineIn(world, release);
  let ended = { code: null as number | null, output: '' };
  const { drops } = await underLoad(world.rig.url, async () => void (ended = await pipeline.relpipe('run').ended));
  return { ...ended, candidate: await world.candidate(), drops };
}

for (const [name, openRig] of [['haproxy', openPlainHaproxyRig], ['nginx', openPlainNginxRig]] as const) {
  describe(`releases through ${name}`, () => {
    const limit = { ...needing(name), timeout: 120_000 };

    test('a canary goes up phase by phase, and drops nothing', limit, () =>
      withRig(openRig, async (world) => {
        const { code, output, candidate, drops } = await released(world, { instead: canary });
        expect({ code, candidate, drops }, output).toEqual({ code: 0, candidate: 100, drops: [] });
        expect(weightsIn(output)).toEqual(['10%', '50%', '100%']);
      }));

    test('a canary gives the traffic back down its ramp when the release fails behind it', limit, () =>
      withRig(openRig, async (world) => {
        const ramp = { ramp: ['50%', '10%'], hold: '100ms' };
        const { code, output, candidate, drops } = await released(world, { instead: { ...canary, with: { ...canary.with, rollback: ramp } }, then: fails });
        expect({ code, candidate, drops }, output).toEqual({ code: 3, candidate: 0, drops: [] });
        expect(weightsIn(output)).toEqual(['10%', '50%', '100%', '50%', '10%', '0%']);
      }));

    test('blue-green switches everything at once', limit, () =>
      withRig(openRig, async (world) => {
        const { code, output, candidate, drops } = await released(world, { instead: blueGreen });
        expect({ code, candidate, drops }, output).toEqual({ code: 0, candidate: 100, drops: [] });
      }));

    test('blue-green switches back when the release fails behind it', limit, () =>
      withRig(openRig, async (world) => {
        const { code, output, candidate, drops } = await released(world, { instead: blueGreen, then: fails });
        expect({ code, candidate, drops }, output).toEqual({ code: 3, candidate: 0, drops: [] });
      }));

    test('blue-green gives nothing to a candidate that does not answer', limit, () =>
      withRig(openRig, async (world) => {
        await world.servers.candidate[Symbol.asyncDispose]();
        const { code, output, candidate } = await released(world, { instead: { ...blueGreen, with: { ...blueGreen.with, within: '500ms' } } });
        expect({ code, candidate }, output).toEqual({ code: 1, candidate: 0 });
        expect(output).toContain('TRAFFIC_SIDE_NOT_READY');
      }));

    test('weights that hold are confirmed, and those that somebody else has changed are not', limit, () =>
      withRig(openRig, async ({ rig, folder, give }) => {
        await give(50);
        const config = { router: { name, open: () => rig.provision.open(rig.config, realContext(folder)) }, ...rig.names, weight: 50 };
        expect(await runConfirm(config, realContext(folder))).toEqual({ weight: 50 });
        await rig.setByHand({ stable: 60, candidate: 40 });
        await expect(runConfirm(config, realContext(folder))).rejects.toMatchObject({ code: expect.stringMatching(/^TRAFFIC_(DRIFT|UNSETTLED)$/) as string });
      }));
  });
}
