import { test } from '@relpipe/testing/release/fixture';
import { until } from '@relpipe/testing/wait-until';
import { describe } from 'vitest';

const limit = { timeout: 60_000 };
const started = (step: string): string => `"type":"step-started","step":"release/canary/${step}"`;

describe.concurrent('when somebody else changes the weights', () => {
  test('during a hold, the next shift reports it and the stable version gets all traffic back', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write();
    const relpipe = fixture.relpipe('run', '--json');
    await relpipe.printed(started('1-hold'));
    await fixture.router.set(60);
    const { code, stdout } = await relpipe.finished;
    expect({ code, applied: fixture.controlProxy.applied, now: await fixture.router.candidate() }, stdout).toEqual({ code: 3, applied: [25, 0], now: 0 });
    expect(stdout).toMatch(/TRAFFIC_DRIFT.*Somebody else has changed the weights of .*expected stable 75%, candidate 25%, found stable 40%, candidate 60%/);
  });

  test('during the last hold, the release fails and the stable version gets all traffic back', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write();
    const relpipe = fixture.relpipe('run', '--json');
    await relpipe.printed(started('2-hold'));
    await fixture.router.set(60);
    const { code, stdout } = await relpipe.finished;
    expect({ code, applied: fixture.controlProxy.applied, now: await fixture.router.candidate() }, stdout).toEqual({ code: 3, applied: [25, 100, 0], now: 0 });
    expect(stdout).toContain('TRAFFIC_DRIFT');
  });

  test('during a hold of a staged rollback, the rollback still ends at 0 % and never raises the weight', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write({ phases: [{ weight: 80, hold: '20s' }], rollback: '{ ramp: [50%, 25%], hold: 500ms }' });
    const relpipe = fixture.relpipe('run', '--json');
    await until(() => fixture.controlProxy.applied.includes(80));
    fixture.candidate.isBroken = true;
    await relpipe.printed(started('rollback-staged/ramp-1-hold'));
    await fixture.router.set(90);
    const { code, stdout } = await relpipe.finished;
    expect({ code, applied: fixture.controlProxy.applied, now: await fixture.router.candidate() }, stdout).toEqual({ code: 3, applied: [80, 50, 25, 0], now: 0 });
  });

  test('to less than the next stage of a staged rollback, the rollback skips that stage', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write({ phases: [{ weight: 80, hold: '20s' }], rollback: '{ ramp: [50%, 25%], hold: 500ms }' });
    const relpipe = fixture.relpipe('run', '--json');
    await until(() => fixture.controlProxy.applied.includes(80));
    fixture.candidate.isBroken = true;
    await relpipe.printed(started('rollback-staged/ramp-1-hold'));
    await fixture.router.set(10);
    const { code, stdout } = await relpipe.finished;
    expect({ code, applied: fixture.controlProxy.applied, now: await fixture.router.candidate() }, stdout).toEqual({ code: 3, applied: [80, 50, 0], now: 0 });
  });
});
