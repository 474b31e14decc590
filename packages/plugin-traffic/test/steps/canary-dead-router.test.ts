import { expect, test } from 'vitest';
import { underLoad } from '../../src/testing/clients.ts';
import { withRouter } from '../../src/testing/fixture.ts';
import { pipelineIn } from '../../src/testing/pipeline.ts';
import { realContext } from '../../src/testing/real-context.ts';
import { openEmbeddedRig } from '../routers/support/embedded-rig.ts';

test.for([
  ['is rolled back when the router is started while the rollback is retried', true, 3],
  ['is not rolled back, and the candidate gets nothing when the router is started afterwards', false, 4],
] as const)('a canary whose router is dead %s', { timeout: 60_000 }, ([, isStarted, exitCode]) =>
  withRouter(openEmbeddedRig, async (fixture) => {
    const { rig, folder, candidate } = fixture;
    const canary = { uses: 'traffic.canary', with: { phases: [{ weight: '50%', hold: '10ms' }], rollback: { ramp: ['20%'], hold: '10ms' } } };
    const pipeline = await pipelineIn({ rig, folder }, { instead: canary, then: '{ id: ask, approval: "Go on?" }' });
    await underLoad(rig.url, async () => {
      await pipeline.relpipe('run').ended;
    });
    expect(await candidate()).toBe(50);
    await rig.routerProcess?.stop();

    const back = pipeline.relpipe('rollback', '--reason', 'the router is dead');
    await back.printed('retrying');
    if (isStarted) await rig.routerProcess?.start();
    const { code, output } = await back.ended;

    expect(code, output).toBe(exitCode);
    if (!isStarted) {
      expect(output).toMatch(/hint: .* At its next start it has stable 100%, candidate 0%, by the state file \S+; .* Manual rollback: relpipe-router set/);
      await rig.routerProcess?.start();
    }
    expect(await (await rig.provision.open(rig.config, realContext(folder))).read()).toMatchObject({ weights: { stable: 100, candidate: 0 } });
  }));
