import type { ReleaseFixture } from '@relpipe/testing/release/fixture';
import { test } from '@relpipe/testing/release/fixture';
import { until } from '@relpipe/testing/wait-until';
import { describe } from 'vitest';

const limit = { timeout: 60_000 };
const started = (step: string): string => `"type":"step-started","step":"release/canary/${step}"`;
const asked = '"why":"changed-by-others"';

const stagedRelease = { phases: [{ weight: 80, hold: '20s' }], rollback: '{ ramp: [50%, 25%], hold: 500ms }' };

/** What relpipe has set so far, and what the candidate has now. */
const weightsIn = async ({ controlProxy, router }: ReleaseFixture) => ({ applied: controlProxy.applied, now: await router.candidate() });

describe.concurrent('when somebody else changes the weights', () => {
  test('during a hold, the next shift and the rollback change nothing, and a person decides to overwrite', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write();
    const relpipe = fixture.relpipe('run', '--json');
    await relpipe.printed(started('1-hold'));
    await fixture.router.set(60);
    await relpipe.printed(asked);
    expect(await weightsIn(fixture)).toEqual({ applied: [25], now: 60 });

    const status = await fixture.ended('status');
    expect(status.stdout).toContain('waiting for a decision to overwrite or to keep: Somebody else has changed the weights of');
    expect(status.stdout).toMatch(/relpipe resolve \S+ release\/canary\/rollback-staged\/restore --overwrite\n.*relpipe resolve \S+ release\/canary\/rollback-staged\/restore --rolled-back/);
    const answer = await fixture.ended('resolve', '--overwrite', '--as', 'ann');
    expect(answer, answer.stderr).toMatchObject({ code: 0 });
    const { code, stdout } = await relpipe.finished;
    expect({ code, ...(await weightsIn(fixture)) }, stdout).toEqual({ code: 3, applied: [25, 0], now: 0 });
    expect(stdout).toMatch(/TRAFFIC_DRIFT.*Somebody else has changed the weights of .*expected stable 75%, candidate 25%, found stable 40%, candidate 60%/);
    expect((await fixture.ended('status', '--json')).stdout).toContain('"who":"ann"');
  });

  test('during the last hold, the release fails, and their weights stay when a person says that it is rolled back', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write();
    const relpipe = fixture.relpipe('run', '--json');
    await relpipe.printed(started('2-hold'));
    await fixture.router.set(60);
    await relpipe.printed(asked);
    await fixture.ended('resolve', '--rolled-back', '--as', 'ann');
    const { code, stdout } = await relpipe.finished;
    expect({ code, ...(await weightsIn(fixture)) }, stdout).toEqual({ code: 3, applied: [25, 100], now: 60 });
    expect(stdout).toContain('ann reported that it is rolled back');
  });

  test('to more during a staged rollback, the next stage changes nothing and asks, and the rollback ends at 0 % after a yes', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write(stagedRelease);
    const relpipe = fixture.relpipe('run', '--json');
    await until(() => fixture.controlProxy.applied.includes(80));
    fixture.candidate.isBroken = true;
    await relpipe.printed(started('rollback-staged/ramp-1-hold'));
    await fixture.router.set(90);
    await relpipe.printed(asked);
    expect(await weightsIn(fixture)).toEqual({ applied: [80, 50], now: 90 });
    await fixture.ended('resolve', '--overwrite', '--as', 'ann');
    const { code, stdout } = await relpipe.finished;
    expect({ code, ...(await weightsIn(fixture)) }, stdout).toEqual({ code: 3, applied: [80, 50, 25, 0], now: 0 });
  });

  test('to nothing during a staged rollback, the rollback has nothing left to do and asks nobody', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write(stagedRelease);
    const relpipe = fixture.relpipe('run', '--json');
    await until(() => fixture.controlProxy.applied.includes(80));
    fixture.candidate.isBroken = true;
    await relpipe.printed(started('rollback-staged/ramp-1-hold'));
    await fixture.router.set(0);
    const { code, stdout } = await relpipe.finished;
    expect({ code, ...(await weightsIn(fixture)) }, stdout).toEqual({ code: 3, applied: [80, 50], now: 0 });
    expect(stdout).not.toContain(asked);
  });
});
