import { uptime } from 'node:os';
import type { Ms } from '../../model/ms.ts';
import type { Clock } from './clock.ts';

/** Where a clock reads the time; for tests. */
export interface TimeSource {
  /** The clock of the machine, which a person or a time server may set. */
  readonly wall: () => Ms;
  /** Goes only forward; it may stand still while the machine sleeps. */
  readonly passed: () => Ms;
  /** Since the machine was started, sleep included; exact to a second. */
  readonly up: () => Ms;
}

const machine: TimeSource = { wall: () => Date.now(), passed: () => performance.now(), up: () => uptime() * 1000 };

/** Time servers correct a clock by less than this, and it is followed. */
const correctionMs = 1_000;
/** How exact the length of a sleep is known. */
const aboutSleepMs = 5_000;

/**
 * Starts as the clock of the machine, and then only goes forward, as time passes, sleep of the machine included: when somebody sets the clock of
 * the machine, what is measured with this one takes as long as before.
 */
export class SteadyClock implements Clock {
  readonly #source: TimeSource;
  #wall: Ms;
  #passed: Ms;
  #last: Ms;
  #asleep: Ms;
  /** By how much the clock of the machine was set since the start, and since `takeJump` was called last. */
  #set: Ms = 0;
  #untaken: Ms = 0;

  constructor(source: TimeSource = machine) {
    this.#source = source;
    this.#wall = this.#last = source.wall();
    this.#passed = source.passed();
    this.#asleep = source.up() - this.#passed;
  }

  now(): Ms {
    const wall = this.#source.wall();
    const passed = this.#source.passed();
    const unexplained = wall - this.#wall - (passed - this.#passed);
    if (Math.abs(unexplained) >= correctionMs) this.#explain(unexplained, passed);
    this.#wall = wall;
    this.#passed = passed;
    return (this.#last = Math.max(this.#last, Math.round(wall - this.#set)));
  }

  after(ms: Ms, call: () => void, kind?: 'idle'): () => void {
    const timer = setTimeout(call, ms);
    if (kind === 'idle') timer.unref();
    return () => clearTimeout(timer);
  }

  takeJump(): Ms {
    this.now();
    const jump = this.#untaken;
    this.#untaken = 0;
    return jump;
  }

  onMachine(at: Ms): Ms {
    return at + this.#set;
  }

  /** The machine slept, or its clock was set, or both. */
  #explain(unexplained: Ms, passed: Ms): void {
    const asleep = this.#source.up() - passed;
    const slept = asleep - this.#asleep;
    const hasSlept = slept >= aboutSleepMs;
    if (hasSlept) this.#asleep = asleep;
    const jump = unexplained - (hasSlept ? slept : 0);
    if (Math.abs(jump) < (hasSlept ? aboutSleepMs : correctionMs)) return;
    this.#set += jump;
    this.#untaken += jump;
  }
}

/** One for the process, so that everything in it has the same time. */
export const systemClock: Clock = new SteadyClock();
