import { describe, type ExpectStatic } from 'vitest';
import { test } from './world/side-by-side.ts';
import { kill, until, type World } from './world/world.ts';
import type { Moment } from './world/wire.ts';

const limit = { timeout: 60_000 };

/** The driver dies at the first change to this weight; the change is lost, or holds and nobody was told. */
async function dieAtChange(world: World, wanted: number, when: Moment): Promise<void> {
  const relpipe = world.relpipe('run', '--json');
  world.wire.onChange = async (moment, candidate) => {
    if (moment !== when || candidate !== wanted) return 'pass';
    world.wire.onChange = () => 'pass';
    await kill(relpipe);
    return 'lose';
  };
  await relpipe.finished;
}

async function dieWhenPrinted(world: World, text: string): Promise<void> {
  const relpipe = world.relpipe('run', '--json');
  await relpipe.printed(text);
  await kill(relpipe);
}

const begun = (step: string): string => `"type":"step-started","step":"release/canary/${step}"`;

/** Killed, the weights stay and the router lives; resumed, it ends as an undisturbed one. */
async function resumed(world: World, pid: number, expect: ExpectStatic) {
  const left = await world.router.candidate();
  expect({ pid: world.router.pid, left }).toEqual({ pid, left: world.wire.held.at(-1) ?? 0 });
  const { code, stdout, stderr } = await world.ended('resume');
  const { weights, generation } = await world.router.read();
  expect(generation, 'nobody else has changed the weights').toBe(1 + world.wire.held.length);
  expect(world.load.drops).toEqual([]);
  return { code, candidate: weights.candidate, held: world.wire.held, said: stdout + stderr };
}

describe.concurrent('killed with -9 and resumed, a good version is promoted as if nothing had been', () => {
  test.for([
    ['before its first weight holds', (world: World) => dieAtChange(world, 25, 'before')],
    ['after its first weight holds', (world: World) => dieAtChange(world, 25, 'after')],
    ['in the first hold', (world: World) => dieWhenPrinted(world, begun('1-hold'))],
    ['before its last weight holds', (world: World) => dieAtChange(world, 100, 'before')],
    ['after its last weight holds', (world: World) => dieAtChange(world, 100, 'after')],
    ['in the last hold', (world: World) => dieWhenPrinted(world, begun('2-hold'))],
  ] as const)('%s', limit, async ([, die], { openWorld, expect }) => {
    const world = await openWorld();
    await world.write();
    await die(world);
    const { said, ...end } = await resumed(world, world.router.pid, expect);
    expect(end, said).toEqual({ code: 0, candidate: 100, held: [25, 100] });
  });
});

describe.concurrent('killed with -9 and resumed, a bad version is taken back as if nothing had been', () => {
  const bad = async (world: World, breaksAt: number) => {
    await until(() => world.wire.held.includes(breaksAt));
    world.candidate.isBroken = true;
  };

  test.for([
    ['while its gate is in breach', (world: World) => dieWhenPrinted(world, '"verdict":"warn"')],
    ['when its gate has failed', (world: World) => dieWhenPrinted(world, '"verdict":"fail"')],
    ['before the way back holds', (world: World) => dieAtChange(world, 0, 'before')],
    ['after the way back holds', (world: World) => dieAtChange(world, 0, 'after')],
  ] as const)('%s', limit, async ([, die], { openWorld, expect }) => {
    const world = await openWorld();
    await world.write({ phases: [{ weight: 25, hold: '3s' }, { weight: 100, hold: '1s' }] });
    await Promise.all([die(world), bad(world, 25)]);
    const { said, ...end } = await resumed(world, world.router.pid, expect);
    expect(end, said).toEqual({ code: 3, candidate: 0, held: [25, 0] });
  });

  test.for([
    ['before the first stage of the way back', (world: World) => dieAtChange(world, 50, 'before')],
    ['after the first stage of the way back', (world: World) => dieAtChange(world, 50, 'after')],
    ['in a hold of the way back', (world: World) => dieWhenPrinted(world, begun('undo-staged/undo-1-hold'))],
    ['before the second stage of the way back', (world: World) => dieAtChange(world, 25, 'before')],
    ['at the end of a staged way back', (world: World) => dieAtChange(world, 0, 'after')],
  ] as const)('%s', limit, async ([, die], { openWorld, expect }) => {
    const world = await openWorld();
    await world.write({ phases: [{ weight: 80, hold: '3s' }], rollback: '{ ramp: [50%, 25%], hold: 300ms }' });
    await Promise.all([die(world), bad(world, 80)]);
    const { said, ...end } = await resumed(world, world.router.pid, expect);
    expect(end, said).toEqual({ code: 3, candidate: 0, held: [80, 50, 25, 0] });
  });
});
