import type { Environment } from '@marcbachmann/cel-js';
import { parseTime, printTime } from '../quantities/time.ts';
import { quantityValues } from './quantity-type.ts';

type Duration = InstanceType<typeof quantityValues.duration>;

/** Points in time with their order, and with what durations do to them. */
export function addTime(environment: Environment): void {
  environment.registerType('time', { ctor: TimeValue, fields: {} });
  environment.registerFunction('time(string): time', make);
  environment.registerFunction('string(time): string', ({ ms }: TimeValue) => printTime(ms));
  environment.registerOperator('time - time: duration', (a: TimeValue, b: TimeValue) => new quantityValues.duration(a.ms - b.ms));
  environment.registerOperator('time + duration: time', (a: TimeValue, { value }: Duration) => new TimeValue(a.ms + value));
  environment.registerOperator('time - duration: time', (a: TimeValue, { value }: Duration) => new TimeValue(a.ms - value));
  const compare = (operator: string, answer: (a: number, b: number) => boolean) =>
    environment.registerOperator(`time ${operator} time: bool`, (a: TimeValue, b: TimeValue) => answer(a.ms, b.ms));
  compare('<', (a, b) => a < b);
  compare('<=', (a, b) => a <= b);
  compare('>', (a, b) => a > b);
  compare('>=', (a, b) => a >= b);
  compare('==', (a, b) => a === b);
}

function make(text: string): TimeValue {
  const time = TimeValue.parse(text);
  if (!time) throw new Error(`"${text}" is not a valid time`);
  return time;
}

/** A point in time as expressions calculate with it. */
export class TimeValue {
  readonly ms: number;

  constructor(ms: number) {
    this.ms = ms;
  }

  static parse(text: string): TimeValue | undefined {
    const ms = parseTime(text);
    return ms === undefined ? undefined : new TimeValue(ms);
  }
}
