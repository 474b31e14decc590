import { test } from '@relpipe/testing/release/fixture';
import { shiftTo } from '@relpipe/testing/release/pipeline';

test('fifty changes of the weights under load do not drop a request', { timeout: 60_000 }, async ({ openFixture, expect }) => {
  const fixture = await openFixture(300);
  const swings = Array.from({ length: 12 }, (_, i) => shiftTo(`swing-${i}`, i % 2 === 0 ? 90 : 10));
  const falls = Array.from({ length: 37 }, (_, i) => shiftTo(`fall-${i}`, 98 - 2 * i, ', only-down: true'));
  await fixture.write({ steps: [...swings, shiftTo('top', 100), ...falls] });
  const { code, stdout } = await fixture.ended('run', '--json');
  await fixture.load.stop();
  expect({ code, changes: fixture.controlProxy.applied.length }, stdout).toEqual({ code: 0, changes: 50 });
  expect(fixture.load.drops).toEqual([]);
  expect(fixture.stable.requests + fixture.candidate.requests, 'every request reached a service exactly once').toBe(fixture.load.answered);
});
