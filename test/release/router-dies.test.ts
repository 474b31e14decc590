import { setTimeout as pause } from 'node:timers/promises';
import { describe } from 'vitest';
import { test } from './world/side-by-side.ts';
import { until, type World } from './world/world.ts';

const limit = { timeout: 60_000 };
const begun = (step: string): string => `"type":"step-started","step":"release/canary/${step}"`;
const byState = '{ state: router.json }';

/** At the first change to this weight the router dies; the change is lost, or was the last thing it did. */
function routerDiesAt(world: World, weight: number, when: 'before' | 'after', thenDo: () => Promise<void> = () => Promise.resolve()): void {
  world.wire.onChange = async (moment, candidate) => {
    if (moment !== when || candidate !== weight) return 'pass';
    world.wire.onChange = () => 'pass';
    await world.router.kill();
    void thenDo();
    return 'lose';
  };
}

const backAfter = (world: World, ms: number) => async (): Promise<void> => {
  await pause(ms);
  await world.router.start();
};

describe.concurrent('the router dies', () => {
  test('in a hold, and comes back with its weights: the release goes on', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await world.write({ router: byState, phases: [{ weight: 25, hold: '2s' }, { weight: 100, hold: '1s' }] });
    const relpipe = world.relpipe('run', '--json');
    await relpipe.printed(begun('1-hold'));
    await world.router.kill();
    await pause(300);
    await world.router.start();
    expect(await world.router.candidate()).toBe(25);
    const { code, stdout } = await relpipe.finished;
    expect({ code, now: await world.router.candidate() }, stdout).toEqual({ code: 0, now: 100 });
  });

  test.for(['before', 'after'] as const)('in a shift, %s the weight holds, and comes back: the shift is tried again', limit, async (when, { openWorld, expect }) => {
    const world = await openWorld();
    await world.write();
    routerDiesAt(world, 100, when, backAfter(world, 100));
    const { code, stdout } = await world.ended('run', '--json');
    expect({ code, held: world.wire.held, now: await world.router.candidate() }, stdout).toEqual({ code: 0, held: [25, 100], now: 100 });
  });

  test('on the way back, and comes back in time: the way back is tried again', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await world.write({ phases: [{ weight: 25, hold: '20s' }] });
    routerDiesAt(world, 0, 'before', backAfter(world, 100));
    const relpipe = world.relpipe('run', '--json');
    await until(() => world.wire.held.includes(25));
    world.candidate.isBroken = true;
    const { code, stdout } = await relpipe.finished;
    expect({ code, held: world.wire.held, now: await world.router.candidate() }, stdout).toEqual({ code: 3, held: [25, 0], now: 0 });
  });

  test('on the way back for good: the run says that it failed and what to do, and the weights outlive it all', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await world.write({ phases: [{ weight: 25, hold: '20s' }] });
    routerDiesAt(world, 0, 'before');
    const relpipe = world.relpipe('run');
    await until(() => world.wire.held.includes(25));
    world.candidate.isBroken = true;
    const { code, stdout, stderr } = await relpipe.finished;
    expect({ code, held: world.wire.held }, stdout + stderr).toEqual({ code: 4, held: [25] });
    expect(stdout).toMatch(/not rolled back:\n.*release\/canary\/1-(shift|hold): its undo failed .*cannot be reached.*See whether the router still runs/);
    await world.router.start();
    expect(await world.router.candidate()).toBe(25);
  });

  test('in a shift for good: it never hangs, and never says that it was taken back', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await world.write({ phases: [{ weight: 25, hold: '1s' }] });
    routerDiesAt(world, 25, 'after');
    const { code, stdout, stderr } = await world.ended('run', '--park-after', '1s');
    expect({ code, held: world.wire.held }, stdout + stderr).toEqual({ code: 4, held: [25] });
  });
});
