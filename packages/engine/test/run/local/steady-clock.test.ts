import { describe, expect, test } from 'vitest';
import { SteadyClock } from '../../../src/run/local/steady-clock.ts';

const second = 1_000;
const hour = 3_600 * second;
const start = Date.UTC(2026, 10, 20, 12);

/** A machine whose times are what the test says. */
function machine() {
  const at = { wall: start, passed: 7, up: 90 * hour };
  const clock = new SteadyClock({ wall: () => at.wall, passed: () => at.passed, up: () => at.up });
  return {
    clock,
    passes: (ms: number) => Object.assign(at, { wall: at.wall + ms, passed: at.passed + ms, up: at.up + ms }),
    sleeps: (ms: number) => Object.assign(at, { wall: at.wall + ms, up: at.up + ms }),
    isSet: (ms: number) => Object.assign(at, { wall: at.wall + ms }),
  };
}

describe('the clock of a process', () => {
  test.for([
    ['back', -2 * hour],
    ['forward', 2 * hour],
  ] as const)('the clock of a process continues as if nothing had happened when that of the machine is set %s, and says by how much', ([, ms]) => {
    const { clock, passes, isSet } = machine();
    passes(second);
    isSet(ms);
    passes(second);
    expect({ now: clock.now() - start, machine: clock.onMachine(start), jump: clock.takeJump() }).toEqual({ now: 2 * second, machine: start + ms, jump: ms });
    passes(second);
    expect({ now: clock.now() - start, jump: clock.takeJump() }).toEqual({ now: 3 * second, jump: 0 });
  });

  test('the clock of a process counts the sleep of the machine as time', () => {
    const { clock, passes, sleeps } = machine();
    passes(second);
    sleeps(8 * hour);
    expect({ now: clock.now() - start, jump: clock.takeJump() }).toEqual({ now: 8 * hour + second, jump: 0 });
  });

  test('the clock of a process tells a sleep from a clock that was set meanwhile', () => {
    const { clock, sleeps, isSet } = machine();
    sleeps(8 * hour);
    isSet(-2 * hour);
    expect({ now: clock.now() - start, jump: clock.takeJump() }).toEqual({ now: 8 * hour, jump: -2 * hour });
  });

  test('the clock of a process follows the small corrections of a time server, and never goes back', () => {
    const { clock, passes, isSet } = machine();
    isSet(600);
    expect(clock.now() - start).toBe(600);
    isSet(-900);
    expect(clock.now() - start).toBe(600);
    passes(second);
    expect({ now: clock.now() - start, jump: clock.takeJump() }).toEqual({ now: 700, jump: 0 });
  });
});
