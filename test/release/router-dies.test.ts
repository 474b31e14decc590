import { setTimeout as pause } from 'node:timers/promises';
import { type ReleaseFixture, test } from '@relpipe/testing/release/fixture';
import { until } from '@relpipe/testing/wait-until';
import { describe } from 'vitest';

const limit = { timeout: 60_000 };
const started = (step: string): string => `"type":"step-started","step":"release/canary/${step}"`;
const byState = '{ state: router.json }';

/** Kills the router at the first change to this weight, before or after the router applies it. */
function routerDiesAt(fixture: ReleaseFixture, weight: number, when: 'before' | 'after', thenDo: () => Promise<void> = () => Promise.resolve()): void {
  fixture.controlProxy.onChange = async (moment, candidate) => {
    if (moment !== when || candidate !== weight) return 'pass';
    fixture.controlProxy.onChange = () => 'pass';
    await fixture.router.kill();
    void thenDo();
    return 'lose';
  };
}

const restartAfter = (fixture: ReleaseFixture, ms: number) => async (): Promise<void> => {
  await pause(ms);
  await fixture.router.start();
};

describe.concurrent('when the router dies', () => {
  test('during a hold and restarts with its weights, the release continues', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write({ router: byState, phases: [{ weight: 25, hold: '2s' }, { weight: 100, hold: '1s' }] });
    const relpipe = fixture.relpipe('run', '--json');
    await relpipe.printed(started('1-hold'));
    await fixture.router.kill();
    await pause(300);
    await fixture.router.start();
    expect(await fixture.router.candidate()).toBe(25);
    const { code, stdout } = await relpipe.finished;
    expect({ code, now: await fixture.router.candidate() }, stdout).toEqual({ code: 0, now: 100 });
  });

  test.for(['before', 'after'] as const)('during a shift, %s it applied the weight, and restarts, the shift is tried again', limit, async (when, { openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write();
    routerDiesAt(fixture, 100, when, restartAfter(fixture, 100));
    const { code, stdout } = await fixture.ended('run', '--json');
    expect({ code, applied: fixture.controlProxy.applied, now: await fixture.router.candidate() }, stdout).toEqual({ code: 0, applied: [25, 100], now: 100 });
  });

  test('during a rollback and restarts in time, the rollback is tried again', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write({ phases: [{ weight: 25, hold: '20s' }] });
    routerDiesAt(fixture, 0, 'before', restartAfter(fixture, 100));
    const relpipe = fixture.relpipe('run', '--json');
    await until(() => fixture.controlProxy.applied.includes(25));
    fixture.candidate.isBroken = true;
    const { code, stdout } = await relpipe.finished;
    expect({ code, applied: fixture.controlProxy.applied, now: await fixture.router.candidate() }, stdout).toEqual({ code: 3, applied: [25, 0], now: 0 });
  });

  test('during a rollback and stays dead, the run reports the failed rollback and what to do, and the weights survive', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write({ phases: [{ weight: 25, hold: '20s' }] });
    routerDiesAt(fixture, 0, 'before');
    const relpipe = fixture.relpipe('run');
    await until(() => fixture.controlProxy.applied.includes(25));
    fixture.candidate.isBroken = true;
    const { code, stdout, stderr } = await relpipe.finished;
    expect({ code, applied: fixture.controlProxy.applied }, stdout + stderr).toEqual({ code: 4, applied: [25] });
    expect(stdout).toMatch(/not rolled back:\n.*release\/canary\/1-(shift|hold): its rollback failed .*cannot be reached.*Check that the router is still running/);
    await fixture.router.start();
    expect(await fixture.router.candidate()).toBe(25);
  });

  test('during a shift and stays dead, the run ends and does not report a rollback', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write({ phases: [{ weight: 25, hold: '1s' }] });
    routerDiesAt(fixture, 25, 'after');
    const { code, stdout, stderr } = await fixture.ended('run', '--park-after', '1s');
    expect({ code, applied: fixture.controlProxy.applied }, stdout + stderr).toEqual({ code: 4, applied: [25] });
  });
});
