import { test } from './world/side-by-side.ts';
import { shiftTo } from './world/pipeline.ts';

test('fifty changes of the weights under load drop no request', { timeout: 60_000 }, async ({ openWorld, expect }) => {
  const world = await openWorld(300);
  const swings = Array.from({ length: 12 }, (_, i) => shiftTo(`swing-${i}`, i % 2 === 0 ? 90 : 10));
  const falls = Array.from({ length: 37 }, (_, i) => shiftTo(`fall-${i}`, 98 - 2 * i, ', only-down: true'));
  await world.write({ steps: [...swings, shiftTo('top', 100), ...falls] });
  const { code, stdout } = await world.ended('run', '--json');
  await world.load.stop();
  expect({ code, changes: world.wire.held.length }, stdout).toEqual({ code: 0, changes: 50 });
  expect(world.load.drops).toEqual([]);
  expect(world.stable.requests + world.candidate.requests, 'every request reached a service once').toBe(world.load.answers);
});
