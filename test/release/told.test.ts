import { describe } from 'vitest';
import { test } from './world/side-by-side.ts';
import { kill } from './world/world.ts';

const limit = { timeout: 60_000 };
const inTheHold = '"type":"step-started","step":"release/canary/1-hold"';
const longHold = { phases: [{ weight: 25, hold: '20s' }] };

describe.concurrent('a signal in a hold', () => {
  test.for([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends the process with %i within five seconds, and the run can be resumed', limit, async ([signal, wanted], { openWorld, expect }) => {
    const world = await openWorld();
    await world.write({ phases: [{ weight: 25, hold: '3s' }] });
    const relpipe = world.relpipe('run', '--json');
    await relpipe.printed(inTheHold);
    const askedAt = performance.now();
    relpipe.child.kill(signal);
    const { code } = await relpipe.finished;
    expect({ code, isInTime: performance.now() - askedAt < 5000, left: await world.router.candidate() }).toEqual({ code: wanted, isInTime: true, left: 25 });
    expect((await world.ended('resume')).code).toBe(0);
    expect({ held: world.wire.held, drops: world.load.drops }).toEqual({ held: [25], drops: [] });
  });
});

describe.concurrent('abort takes the traffic back', () => {
  test('from another process, while the run is driven', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await world.write(longHold);
    const relpipe = world.relpipe('run', '--json');
    await relpipe.printed(inTheHold);
    await world.ended('abort', '--reason', 'it looks odd');
    const { code, stdout } = await relpipe.finished;
    expect({ code, held: world.wire.held, drops: world.load.drops }, stdout).toEqual({ code: 3, held: [25, 0], drops: [] });
    expect(stdout).toContain('it looks odd');
  });

  test('by itself, when nobody drives the run any more', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await world.write(longHold);
    const relpipe = world.relpipe('run', '--json');
    await relpipe.printed(inTheHold);
    await kill(relpipe);
    const { code, stdout, stderr } = await world.ended('abort', '--reason', 'it looks odd');
    expect({ code, held: world.wire.held }, stdout + stderr).toEqual({ code: 3, held: [25, 0] });
  });

  test('while the router has not yet answered a shift', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await world.write(longHold);
    const { promise: isChanged, resolve: tell } = Promise.withResolvers<undefined>();
    const { promise: mayAnswer, resolve: answer } = Promise.withResolvers<'lose'>();
    world.wire.onChange = (moment, candidate) => {
      if (moment !== 'after' || candidate !== 25) return 'pass';
      tell(undefined);
      return mayAnswer;
    };
    const relpipe = world.relpipe('run', '--json');
    await isChanged;
    await world.ended('abort', '--reason', 'it looks odd');
    const { code, stdout } = await relpipe.finished;
    answer('lose');
    expect({ code, held: world.wire.held, now: await world.router.candidate() }, stdout).toEqual({ code: 3, held: [25, 0], now: 0 });
  });
});
