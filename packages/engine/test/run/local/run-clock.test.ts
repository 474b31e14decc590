import { expect, test } from 'vitest';
import type { Fact } from '../../../src/run/core/fact.ts';
import { RunClock } from '../../../src/run/local/run-clock.ts';
import { VirtualClock } from '../../../src/run/simulated/virtual-clock.ts';

const hour = 3_600_000;
const fired = (at: number): Fact => ({ fact: 'fired', key: 'p/a!timer.1', seq: 1, at });
const set = (byMs: number): Fact => ({ fact: 'clock-set', byMs, seq: 2, at: 0 });

test.for([
  ['is that of the machine', 5 * hour, [fired(4 * hour)], 5 * hour],
  ['is that of the machine, also when its clock was set once', 5 * hour, [set(-2 * hour), fired(4 * hour)], 5 * hour],
  ['continues by what the machine was set back', 5 * hour, [set(-2 * hour), fired(6 * hour)], 7 * hour],
  ['is never before what is recorded', 5 * hour, [fired(6 * hour)], 6 * hour],
] as const)('the clock of a run that is resumed %s', ([, machine, facts, wanted]) => {
  const clock = new RunClock(new VirtualClock(machine));
  clock.continueFrom(facts);
  expect(clock.now()).toBe(wanted);
  expect(clock.onMachine(wanted)).toBe(machine);
});
