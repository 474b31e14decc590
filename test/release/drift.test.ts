import { describe } from 'vitest';
import { test } from './world/side-by-side.ts';
import { until } from './world/world.ts';

const limit = { timeout: 60_000 };
const begun = (step: string): string => `"type":"step-started","step":"release/canary/${step}"`;

describe.concurrent('somebody else changes the weights', () => {
  test('in a hold: the next shift says so, and all traffic goes back', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await world.write();
    const relpipe = world.relpipe('run', '--json');
    await relpipe.printed(begun('1-hold'));
    await world.router.set(60);
    const { code, stdout } = await relpipe.finished;
    expect({ code, held: world.wire.held, now: await world.router.candidate() }, stdout).toEqual({ code: 3, held: [25, 0], now: 0 });
    expect(stdout).toMatch(/TRAFFIC_DRIFT.*Somebody else has changed the weights of .*expected stable 75%, candidate 25%, found stable 40%, candidate 60%/);
  });

  test('in the last hold: the release does not end as if they held', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await world.write();
    const relpipe = world.relpipe('run', '--json');
    await relpipe.printed(begun('2-hold'));
    await world.router.set(60);
    const { code, stdout } = await relpipe.finished;
    expect({ code, held: world.wire.held, now: await world.router.candidate() }, stdout).toEqual({ code: 3, held: [25, 100, 0], now: 0 });
    expect(stdout).toContain('TRAFFIC_DRIFT');
  });

  test('in a hold of the way back: it still ends at 0 %, and never goes up', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await world.write({ phases: [{ weight: 80, hold: '20s' }], rollback: '{ ramp: [50%, 25%], hold: 500ms }' });
    const relpipe = world.relpipe('run', '--json');
    await until(() => world.wire.held.includes(80));
    world.candidate.isBroken = true;
    await relpipe.printed(begun('rollback-staged/ramp-1-hold'));
    await world.router.set(90);
    const { code, stdout } = await relpipe.finished;
    expect({ code, held: world.wire.held, now: await world.router.candidate() }, stdout).toEqual({ code: 3, held: [80, 50, 25, 0], now: 0 });
  });

  test('to less than a stage of the way back: that stage is skipped', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await world.write({ phases: [{ weight: 80, hold: '20s' }], rollback: '{ ramp: [50%, 25%], hold: 500ms }' });
    const relpipe = world.relpipe('run', '--json');
    await until(() => world.wire.held.includes(80));
    world.candidate.isBroken = true;
    await relpipe.printed(begun('rollback-staged/ramp-1-hold'));
    await world.router.set(10);
    const { code, stdout } = await relpipe.finished;
    expect({ code, held: world.wire.held, now: await world.router.candidate() }, stdout).toEqual({ code: 3, held: [80, 50, 0], now: 0 });
  });
});
