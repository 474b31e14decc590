import { needing } from '@relpipe/testing/real-servers';
import { describe, expect, test } from 'vitest';
import { runVerify } from '../../src/steps/verify.impl.ts';
import { underLoad } from '../../src/testing/clients.ts';
import { withRouter, type RouterFixture } from '../../src/testing/fixture.ts';
import { pipelineIn } from '../../src/testing/pipeline.ts';
import { realContext } from '../../src/testing/real-context.ts';
import type { RigConfig } from '../../src/testing/router-rig.ts';
import { openPlainHaproxyRig } from './support/haproxy.ts';
import { openPlainNginxRig } from './support/nginx.ts';

const canary = { uses: 'traffic.canary', with: { phases: [{ weight: '10%', hold: '300ms' }, { weight: '50%', hold: '300ms' }, { weight: '100%', hold: '300ms' }] } };
const blueGreen = { uses: 'traffic.blue-green', with: { path: '/', test: { path: '/', requests: 20 }, hold: '300ms' } };
const fails = '{ id: fail, run: "exit 1" }';

/** The weights that the shifts reported, in order. */
const weightsIn = (output: string): readonly string[] => [...output.matchAll(/"output":\{"weight":"(\d+%)","previous"/g)].map(([, weight = '']) => weight);

interface Release {
  readonly instead: { readonly uses: string; readonly with: RigConfig };
  readonly then?: string;
}

/** Runs a release under load. */
async function released(fixture: RouterFixture, release: Release): Promise<{ code: number | null; output: string; candidate: number; drops: readonly string[] }> {
  const pipeline = await pipelineIn(fixture, release);
  let ended = { code: null as number | null, output: '' };
  const { drops } = await underLoad(fixture.rig.url, async () => void (ended = await pipeline.relpipe('run').ended));
  return { ...ended, candidate: await fixture.candidate(), drops };
}

for (const [name, openRig] of [['haproxy', openPlainHaproxyRig], ['nginx', openPlainNginxRig]] as const) {
  describe(`releases through ${name}`, () => {
    const limit = { ...needing(name), timeout: 120_000 };

    test(`a canary through ${name} rises phase by phase, and drops no request`, limit, () =>
      withRouter(openRig, async (fixture) => {
        const { code, output, candidate, drops } = await released(fixture, { instead: canary });
        expect({ code, candidate, drops }, output).toEqual({ code: 0, candidate: 100, drops: [] });
        expect(weightsIn(output)).toEqual(['10%', '50%', '100%']);
      }));

    test(`a canary through ${name} is rolled back down its ramp when the release fails after it`, limit, () =>
      withRouter(openRig, async (fixture) => {
        const ramp = { ramp: ['50%', '10%'], hold: '100ms' };
        const { code, output, candidate, drops } = await released(fixture, { instead: { ...canary, with: { ...canary.with, rollback: ramp } }, then: fails });
        expect({ code, candidate, drops }, output).toEqual({ code: 3, candidate: 0, drops: [] });
        expect(weightsIn(output)).toEqual(['10%', '50%', '100%', '50%', '10%', '0%']);
      }));

    test(`blue-green through ${name} switches all traffic at once`, limit, () =>
      withRouter(openRig, async (fixture) => {
        const { code, output, candidate, drops } = await released(fixture, { instead: blueGreen });
        expect({ code, candidate, drops }, output).toEqual({ code: 0, candidate: 100, drops: [] });
      }));

    test(`blue-green through ${name} switches back when the release fails after it`, limit, () =>
      withRouter(openRig, async (fixture) => {
        const { code, output, candidate, drops } = await released(fixture, { instead: blueGreen, then: fails });
        expect({ code, candidate, drops }, output).toEqual({ code: 3, candidate: 0, drops: [] });
      }));

    test(`blue-green through ${name} gives nothing to a candidate that does not answer`, limit, () =>
      withRouter(openRig, async (fixture) => {
        await fixture.servers.candidate[Symbol.asyncDispose]();
        const { code, output, candidate } = await released(fixture, { instead: { ...blueGreen, with: { ...blueGreen.with, within: '500ms' } } });
        expect({ code, candidate }, output).toEqual({ code: 1, candidate: 0 });
        expect(output).toContain('TRAFFIC_SIDE_NOT_READY');
      }));

    test(`traffic.verify through ${name} accepts unchanged weights, and not those that somebody else has changed`, limit, () =>
      withRouter(openRig, async ({ rig, folder, give }) => {
        await give(50);
        const config = { router: { name, open: () => rig.provision.open(rig.config, realContext(folder)) }, ...rig.names, weight: 50 };
        expect(await runVerify(config, realContext(folder))).toEqual({ weight: 50 });
        await rig.setManually({ stable: 60, candidate: 40 });
        await expect(runVerify(config, realContext(folder))).rejects.toMatchObject({ code: expect.stringMatching(/^TRAFFIC_(DRIFT|CHANGE_INTERRUPTED)$/) as string });
      }));
  });
}
