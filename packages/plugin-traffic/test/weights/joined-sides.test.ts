import { containing } from '@relpipe/testing/matchers';
import { virtualContext } from '@relpipe/testing/step-context';
import { expect, test } from 'vitest';
import { previewShift, rollbackShift, runShift, verifyShift } from '../../src/steps/shift.impl.ts';
import type { ShiftState } from '../../src/steps/shift.ts';
import { joinSides } from '../../src/weights/join-sides.ts';
import type { SideSetting } from '../../src/weights/side-setting.ts';
import { MemoryRouter } from '../support/memory-router.ts';

const shift = (router: MemoryRouter, weight: number, stable: SideSetting, candidate: SideSetting) =>
  joinSides({ router: router.provided, weight, stable, candidate });

test('a share holds for the servers of a side together, and their proportions stay', async () => {
  const router = new MemoryRouter({ a: 60, b: 40, c: 0, d: 0 }, { c: { size: 1 }, d: { size: 3 } });
  const context = virtualContext<ShiftState>();

  const output = await runShift(shift(router, 20, ['a', 'b'], ['c', 'd']), context);

  expect(output).toMatchObject({ weight: 20, previous: 0, moved: true });
  expect(router.weights).toEqual({ a: 48, b: 32, c: 5, d: 15 });
  expect(context.states).toMatchObject([{ weights: { 'a + b': 100, 'c + d': 0 } }, { weights: { 'a + b': 100, 'c + d': 0 }, written: true }]);
});

test('a side is also a pattern, and an address that several servers have', async () => {
  const router = new MemoryRouter({ 'web-1': 50, 'web-2': 50, next: 0, 'next-too': 0 }, { 'next-too': { url: 'http://next.test:80' } });

  await runShift(shift(router, 50, 'web-*', 'next.test'), virtualContext());

  expect(router.weights).toEqual({ 'web-1': 25, 'web-2': 25, next: 25, 'next-too': 25 });
});

test('a rollback restores the proportions of a side that had no share, as the router knows them', async () => {
  const router = new MemoryRouter({ a: 60, b: 40, c: 0 }, { a: { size: 3 }, b: { size: 2 } });
  const context = virtualContext<ShiftState>();
  await runShift(shift(router, 100, ['a', 'b'], 'c'), context);
  expect(router.weights).toEqual({ a: 0, b: 0, c: 100 });

  await rollbackShift(shift(router, 100, ['a', 'b'], 'c'), virtualContext({ saved: context.states.at(-1) }));

  expect(router.weights).toEqual({ a: 60, b: 40, c: 0 });
});

test('the requests of the servers of a side are counted together', async () => {
  const router = new MemoryRouter({ a: 50, b: 50, c: 0, d: 0 });
  const context = virtualContext<ShiftState>();
  const send = (ms: number) => {
    router.requests = { a: 100, b: 60, c: 30, d: 10 };
    return context.clock.sleep(ms);
  };

  const output = await runShift(shift(router, 20, ['a', 'b'], ['c', 'd']), { ...context, clock: { now: () => context.clock.now(), sleep: send } });

  expect(output.share).toBe('20%');
});

test('a server whose weight does not count gets none of the share now, and its part for when it counts again', async () => {
  const router = new MemoryRouter({ a: 100, b: 0, c: 0 }, { a: { size: 100 }, b: { size: 100, away: 'MAINT' } });

  expect(await verifyShift(shift(router, 20, ['a', 'b'], 'c'), virtualContext())).toMatchObject([
    { level: 'warning', code: 'TRAFFIC_SIDE_NOT_READY', message: 'Of the 2 servers of the side a + b, 1 cannot be served now: b: MAINT.' },
  ]);
  await runShift(shift(router, 20, ['a', 'b'], 'c'), virtualContext()).catch(() => undefined);

  expect(router.weights).toEqual({ a: 80, b: 80, c: 20 });
});

test('a side is down only where each of its servers is', async () => {
  const down = (...names: readonly string[]) =>
    new MemoryRouter({ a: 100, b: 0, c: 0 }, Object.fromEntries(names.map((name) => [name, { down: 'DOWN (L4CON)' }])));

  expect(await runShift(shift(down('b'), 20, 'a', ['b', 'c']), virtualContext())).toMatchObject({ weight: 20 });
  await expect(runShift(shift(down('b', 'c'), 20, 'a', ['b', 'c']), virtualContext())).rejects.toMatchObject({
    code: 'TRAFFIC_SIDE_NOT_READY',
    message: containing('b + c (http://b.test:80 + http://c.test:80)'),
  });
});

test.for([
  [['a', 'nobody'], 'b', 'TRAFFIC_SIDE_UNKNOWN'],
  ['x-*', 'b', 'TRAFFIC_SIDE_UNKNOWN'],
  [['a', 'b'], 'b', 'TRAFFIC_SIDES_SAME'],
  ['a', ['a', 'b'], 'TRAFFIC_SIDES_SAME'],
  ['*', '*', 'TRAFFIC_SIDES_SAME'],
] as const)('the sides %j and %j of the servers a, b and c are refused before the run', async ([stable, candidate, code]) => {
  const router = new MemoryRouter({ a: 100, b: 0, c: 0 });

  expect(await verifyShift(shift(router, 20, stable, candidate), virtualContext())).toMatchObject([{ level: 'error', code }]);
});

test('a third server with traffic is refused, and the hint says how it belongs to a side', async () => {
  const router = new MemoryRouter({ a: 50, b: 50, c: 0 });

  expect(await verifyShift(shift(router, 20, 'a', 'c'), virtualContext())).toMatchObject([
    { level: 'error', code: 'TRAFFIC_THIRD_SIDE', hint: containing('list b in one of them too, e.g. `stable: [a, b]`') },
  ]);
});

test('a router without any side is reported without an empty list', async () => {
  const router = new MemoryRouter({});

  expect(await verifyShift(shift(router, 20, 'a', 'c'), virtualContext())).toMatchObject([
    { code: 'TRAFFIC_SIDE_UNKNOWN', hint: containing('It has no sides at all') },
  ]);
});

test('a part of a side that is known only in the run leaves the shift unchecked before it', async () => {
  const router = new MemoryRouter({ a: 100, c: 0 });
  const planned = joinSides({ router: router.provided, weight: 20, stable: ['a', { $later: 'steps.x.outputs.y' }], candidate: 'c' });

  expect(await verifyShift(planned, virtualContext())).toMatchObject([{ code: 'TRAFFIC_NOT_CHECKED' }]);
});

test('a share that the router does not count is called unmeasured in the plan and in the log', async () => {
  const router = new MemoryRouter({ a: 100, c: 0 });
  const uncounted = { ...router.provided, open: async () => Object.assign(router, { measure: undefined }) };
  const config = joinSides({ router: uncounted, weight: 20, stable: 'a', candidate: 'c' });
  const context = virtualContext<ShiftState>();

  expect(await previewShift(config, virtualContext())).toMatchObject({ change: 'change the share of c (the served share is not measured)' });
  expect(await runShift(config, context)).toMatchObject({ share: 'not-measured' });
  expect(context.lines).toContain('The served share was not measured: the router does not count requests.');
});

test('the command for a manual rollback names servers, not sides', async () => {
  const router = new MemoryRouter({ a: 30, b: 10, c: 60 });
  const opened = await shift(router, 60, ['a', 'b'], 'c').router.open(virtualContext());
  expect(opened.manualCommand?.({ 'a + b': 100, c: 0 })).toBe('{"a":50,"b":50,"c":0}');

  await opened.read();

  expect(opened.manualCommand?.({ 'a + b': 100, c: 0 })).toBe('{"a":75,"b":25,"c":0}');
});
