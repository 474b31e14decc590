import { describe } from 'vitest';
import { test } from './world/side-by-side.ts';
import { until, type World } from './world/world.ts';

const limit = { timeout: 60_000 };
const begun = (step: string): string => `"type":"step-started","step":"release/canary/${step}"`;

async function breakAt(world: World, weight: number): Promise<void> {
  await until(() => world.wire.held.includes(weight));
  world.candidate.isBroken = true;
}

describe.concurrent('a staged way back', () => {
  test('skips the stages that are not below the present weight', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await world.write({ phases: [{ weight: 25, hold: '20s' }], rollback: '{ ramp: [50%, 25%, 10%], hold: 200ms }' });
    const [{ code, stdout }] = await Promise.all([world.ended('run', '--json'), breakAt(world, 25)]);
    expect({ code, held: world.wire.held, drops: world.load.drops }, stdout).toEqual({ code: 3, held: [25, 10, 0], drops: [] });
    expect(stdout).not.toContain(begun('rollback-staged/ramp-1-hold'));
  });

  test('goes back at once when somebody says abort --now', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await world.write({ phases: [{ weight: 80, hold: '20s' }], rollback: '{ ramp: [50%, 25%], hold: 50s }' });
    const relpipe = world.relpipe('run', '--json');
    await breakAt(world, 80);
    await relpipe.printed(begun('rollback-staged/ramp-1-hold'));
    await world.ended('abort', '--now', '--reason', 'it burns');
    const { code, stdout } = await relpipe.finished;
    expect({ code, held: world.wire.held }, stdout).toEqual({ code: 3, held: [80, 50, 0] });
  });

  test('is no way for a critical breach', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await world.write({ phases: [{ weight: 80, hold: '20s' }], rollback: '{ ramp: [50%, 25%], hold: 50s }', threshold: '{ max: 1%, critical: 2% }' });
    const [{ code, stdout }] = await Promise.all([world.ended('run', '--json'), breakAt(world, 80)]);
    expect({ code, held: world.wire.held }, stdout).toEqual({ code: 3, held: [80, 0] });
  });

  test('goes back at once when a stage cannot be set', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await world.write({ phases: [{ weight: 80, hold: '20s' }], rollback: '{ ramp: [50%], hold: 50s }' });
    world.wire.onChange = (moment, candidate) => (moment === 'before' && candidate === 50 ? 'lose' : 'pass');
    const [{ code, stdout }] = await Promise.all([world.ended('run', '--json'), breakAt(world, 80)]);
    expect({ code, held: world.wire.held }, stdout).toEqual({ code: 3, held: [80, 0] });
  });
});

describe.concurrent('another branch at work', () => {
  test('does not keep the traffic waiting: it is back before that branch has stopped', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    const everyMs = 1000;
    const upload = `trap 'sleep 1.5; echo stopped > stopped; exit 1' TERM; echo begun > begun; for i in $(seq 400); do sleep 0.05; done`;
    await world.write({
      phases: [{ weight: 50, hold: '20s' }],
      every: `${everyMs}ms`,
      threshold: '{ max: 1%, critical: 2% }',
      more: `  publish:\n    steps:\n      - { id: upload, run: "${upload}", rollback: [{ id: withdraw, run: "echo withdrawn > withdrawn" }] }\n`,
    });
    const relpipe = world.relpipe('run', '--json');
    await world.folder.appears('begun');
    await relpipe.printed(begun('1-hold'));
    await breakAt(world, 50);
    await until(() => world.wire.held.includes(0));
    expect(world.folder.lines('stopped'), 'the other branch is still at work').toEqual([]);
    const { code, stdout } = await relpipe.finished;
    expect({ code, held: world.wire.held, stopped: world.folder.lines('stopped'), withdrawn: world.folder.lines('withdrawn') }, stdout).toEqual({
      code: 3,
      held: [50, 0],
      stopped: ['stopped'],
      withdrawn: ['withdrawn'],
    });
    const backAt = world.wire.changes.at(-1)?.at ?? Infinity;
    console.log(`from the first bad answer to weight 0: ${((backAt - (world.candidate.brokeAt ?? 0)) / everyMs).toFixed(2)} of the gate's interval`);
  });
});
