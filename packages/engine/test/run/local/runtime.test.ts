import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { TimerOp } from '../../../src/run/core/operation.ts';
import type { Clock } from '../../../src/run/local/clock.ts';
import { isGroupAlive } from '../../../src/run/local/process/process-group.ts';
import { factOfCommand, type InboxCommand } from '../../../src/run/store/inbox-command.ts';
import { openRuntime, stealLease, stepType, taskOp } from './local-fixture.ts';

const day = 86_400_000;
const timer = (at: number, n = 1): TimerOp => ({ op: 'timer', key: `soak!timer.${n}`, step: 'soak', at, why: 'hold' });

/** Turns only when told to. */
function virtualClock(start: number) {
  let now = start;
  let calls: { at: number; call: () => void }[] = [];
  const clock: Clock = {
    now: () => now,
    after(ms, call) {
      const entry = { at: now + ms, call };
      calls.push(entry);
      return () => (calls = calls.filter((other) => other !== entry));
    },
  };
  return {
    clock,
    advance(to: number) {
      now = to;
      const due = calls.filter(({ at }) => at <= now);
      calls = calls.filter(({ at }) => at > now);
      for (const { call } of due) call();
    },
    longest: () => Math.max(...calls.map(({ at }) => at - now)),
  };
}

test('a timer of thirty days fires when they are over, and not before', async () => {
  const turned = virtualClock(0);
  const { runtime, next } = await openRuntime({ clock: turned.clock });
  runtime.act({ start: [timer(30 * day)], cancel: [] });
  const fired = next();
  expect(turned.longest()).toBeLessThan(2 ** 31);
  turned.advance(30 * day - 1);
  expect(await Promise.race([fired, Promise.resolve('not yet')])).toBe('not yet');
  turned.advance(30 * day);
  expect(await fired).toEqual([{ fact: 'fired', key: 'soak!timer.1' }]);
});

test('an overdue timer fires at once when it is taken up, and a cancelled one never', async () => {
  const { runtime, next } = await openRuntime();
  runtime.takeUp([timer(1_000, 1), timer(Date.now() + 100, 2), timer(Date.now() + 200, 3)]);
  expect(await next()).toEqual([{ fact: 'fired', key: 'soak!timer.1' }]);
  runtime.act({ start: [], cancel: ['soak!timer.2'] });
  expect(await next()).toEqual([{ fact: 'fired', key: 'soak!timer.3' }]);
});

test('a run parks when its next wake-up is far away, or when it waits only for people', async () => {
  const { runtime } = await openRuntime({ parkAfterMs: 60_000 });
  const until = Date.now() + day;
  expect(await runtime.next({ asks: [], mayPark: true, until })).toEqual({ parked: { wakeAt: until } });
  expect(await runtime.next({ asks: ['a!ask.1'], mayPark: true })).toEqual({ parked: {} });
});

test('a run that the next sample may end parks when it has waited for samples as long as it may, and is woken when one is needed', async () => {
  const turned = virtualClock(day);
  const { runtime } = await openRuntime({ parkAfterMs: 60_000, clock: turned.clock });
  const parked = runtime.next({ asks: [], mayPark: true, until: day + 1_000, parkedUntil: 2 * day });
  await expect.poll(turned.longest).toBe(60_000);
  turned.advance(day + 59_999);
  expect(await Promise.race([parked, pause(20, 'waits')])).toBe('waits');
  turned.advance(day + 60_000);
  expect(await parked).toEqual({ parked: { wakeAt: 2 * day } });
});

test('a run does not park while a task works, when the wake-up is near, or when it was not asked to', async () => {
  const asked = await openRuntime({ parkAfterMs: 60_000 });
  asked.runtime.act({ start: [timer(Date.now() + 50)], cancel: [] });
  expect(await asked.runtime.next({ asks: [], mayPark: false })).toHaveProperty('bodies');
  asked.runtime.act({ start: [timer(Date.now() + 50, 2)], cancel: [] });
  expect(await asked.runtime.next({ asks: [], mayPark: true, until: Date.now() + 50 })).toHaveProperty('bodies');
  const never = await openRuntime();
  never.runtime.act({ start: [timer(Date.now() + 50)], cancel: [] });
  expect(await never.runtime.next({ asks: [], mayPark: true, until: Date.now() + day })).toHaveProperty('bodies');
});

test('a clock that is set is recorded with the next arrival, and a parked run is due by the time of the machine', async () => {
  let jump = -7_200_000;
  const clock: Clock = {
    ...virtualClock(day).clock,
    takeJump: () => {
      const taken = jump;
      jump = 0;
      return taken;
    },
    onMachine: (at) => at - 7_200_000,
  };
  const { runtime } = await openRuntime({ parkAfterMs: 60_000, clock });
  const wait = { asks: [], mayPark: true, until: 2 * day };
  expect(await runtime.next(wait)).toEqual({ bodies: [{ fact: 'clock-set', byMs: -7_200_000 }] });
  expect(await runtime.next(wait)).toEqual({ parked: { wakeAt: 2 * day - 7_200_000 } });
});

test('a command in the inbox is read before the run parks', async () => {
  const { runtime, store } = await openRuntime({ parkAfterMs: 0 });
  await runtime.commit();
  const command: InboxCommand = { id: 'c1', run: '20261120-1642-k3f9', who: { who: 'ann', by: 'os-user' }, command: 'continue', reason: 'checked' };
  await store.send(command);
  expect(await runtime.next({ asks: [], mayPark: true })).toEqual({ bodies: [factOfCommand(command)] });
});

test('a signal asks running steps to stop, and they end as lost, to be probed later', async () => {
  const { runtime, lines } = await openRuntime();
  const op = taskOp({ with: { command: "trap 'echo bye; exit 0' TERM; echo here; sleep 600 & wait" } });
  runtime.act({ start: [op], cancel: [] });
  const arrival = runtime.next({ asks: [], mayPark: false });
  await expect.poll(lines).toEqual(['here']);
  runtime.stop('SIGTERM');
  runtime.stop('SIGINT');
  expect(await arrival).toEqual({ interrupted: 'SIGTERM', arrived: [{ fact: 'ended', key: op.key, result: { status: 'lost' } }] });
  expect(lines()).toEqual(['here', 'bye']);
});

test('a step that does not stop delays the end of the process by four seconds at most, and nothing is recorded of it', async () => {
  const { runtime } = await openRuntime({ steps: { 'x.deaf': stepType(() => new Promise(() => undefined)) } });
  runtime.act({ start: [taskOp({ with: {}, uses: 'x.deaf' })], cancel: [] });
  runtime.stop('SIGINT');
  expect(await runtime.next({ asks: [], mayPark: false })).toEqual({ interrupted: 'SIGINT', arrived: [] });
});

test('a command that ignores SIGTERM is killed in time', async () => {
  const { runtime, lines } = await openRuntime();
  const op = taskOp({ with: { command: "trap '' TERM; echo here $$; while true; do sleep 1; done" } });
  runtime.act({ start: [op], cancel: [] });
  await expect.poll(lines).toHaveLength(1);
  runtime.stop('SIGTERM');
  expect(await runtime.next({ asks: [], mayPark: false })).toMatchObject({ arrived: [{ result: { status: 'lost' } }] });
  expect(isGroupAlive(Number(lines()[0]!.split(' ')[1]))).toBe(false);
});

test('a driver whose lease was taken stops its steps and fails', async () => {
  const turned = virtualClock(Date.now());
  const { runtime, folder, live } = await openRuntime({ clock: turned.clock });
  runtime.act({ start: [taskOp({ with: { command: 'echo here; sleep 600' } })], cancel: [] });
  await expect.poll(() => live.length).toBe(1);
  const arrival = runtime.next({ asks: [], mayPark: false });
  stealLease(folder);
  turned.advance(turned.clock.now() + 6_000);
  await expect(arrival).rejects.toThrow(expect.objectContaining({ code: 'REL_LEASE_LOST' }));
});

test('the second signal kills every command at once', async () => {
  const { runtime, lines } = await openRuntime();
  runtime.act({ start: [taskOp({ with: { command: "trap '' TERM; echo $$; sleep 600 & wait" } })], cancel: [] });
  const arrival = runtime.next({ asks: [], mayPark: false });
  await expect.poll(lines).toHaveLength(1);
  runtime.stop('SIGINT');
  runtime.kill();
  await arrival;
  expect(isGroupAlive(Number(lines()[0]))).toBe(false);
});
