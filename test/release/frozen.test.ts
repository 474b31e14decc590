import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe } from 'vitest';
import { shiftTo } from './world/pipeline.ts';
import { test } from './world/side-by-side.ts';
import { until, type World } from './world/world.ts';

const limit = { timeout: 60_000 };

async function runAndBreak(world: World) {
  const relpipe = world.relpipe('run', '--json');
  await until(() => world.wire.held.includes(25));
  world.candidate.isBroken = true;
  return relpipe.finished;
}

describe.concurrent('a breach with the gate entry', () => {
  test('freeze: the weights stay; continue goes on with the next phase', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await world.write({ gates: '{ health: freeze }', phases: [{ weight: 25, hold: '5s' }, { weight: 100, hold: '1s' }] });
    const frozen = await runAndBreak(world);
    expect({ code: frozen.code, held: world.wire.held }, frozen.stdout).toEqual({ code: 6, held: [25] });
    world.candidate.isBroken = false;
    await world.ended('continue', '--reason', 'it was a hiccup');
    const { code, stdout } = await world.ended('resume', '--json');
    expect({ code, held: world.wire.held }, stdout).toEqual({ code: 0, held: [25, 100] });
  });

  test('freeze: abort takes the traffic back', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await world.write({ gates: '{ health: freeze }', phases: [{ weight: 25, hold: '5s' }] });
    expect((await runAndBreak(world)).code).toBe(6);
    const { code, stdout, stderr } = await world.ended('abort', '--reason', 'it was no hiccup');
    expect({ code, held: world.wire.held }, stdout + stderr).toEqual({ code: 3, held: [25, 0] });
  });

  test('continue: it goes on, and never ends as green', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await world.write({ gates: '{ health: continue }' });
    const { code, stdout } = await runAndBreak(world);
    expect({ code, held: world.wire.held }, stdout).toEqual({ code: 5, held: [25, 100] });
  });
});

describe.concurrent('a hold whose gate knows nothing at its end', () => {
  const blind = (atEnd: string) => ({
    metric: '{ run: "echo nan", unit: count, threshold: { max: 10 }, no-data: inconclusive }',
    steps: [shiftTo('first', 25), `{ id: settle, hold: 700ms, gates: [health], at-end: ${atEnd} }`, shiftTo('second', 100)],
  });

  test('freezes with at-end: freeze; abort takes the traffic back', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await world.write(blind('freeze'));
    const frozen = await world.ended('run', '--json');
    expect({ code: frozen.code, held: world.wire.held }, frozen.stdout).toEqual({ code: 6, held: [25] });
    const { code, stdout, stderr } = await world.ended('abort', '--reason', 'enough');
    expect({ code, held: world.wire.held }, stdout + stderr).toEqual({ code: 3, held: [25, 0] });
  });

  test('is taken back with at-end: fail', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await world.write(blind('fail'));
    const { code, stdout } = await world.ended('run', '--json');
    expect({ code, held: world.wire.held }, stdout).toEqual({ code: 3, held: [25, 0] });
  });

  test('waits with at-end: wait, until a value comes', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await world.write({ ...blind('wait'), metric: '{ run: "if test -e well; then echo 1; else echo nan; fi", unit: count, threshold: { max: 10 }, no-data: inconclusive }' });
    const relpipe = world.relpipe('run', '--json');
    await relpipe.printed('"why":"gates-after-hold"');
    expect(world.wire.held).toEqual([25]);
    await writeFile(join(world.folder.path, 'well'), 'yes');
    const { code, stdout } = await relpipe.finished;
    expect({ code, held: world.wire.held }, stdout).toEqual({ code: 0, held: [25, 100] });
  });
});
