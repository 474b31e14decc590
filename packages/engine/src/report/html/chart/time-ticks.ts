import type { Ms } from '../../../model/ms.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const steps: readonly Ms[] = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 7, 14, 30, 90].map((n) => n * day),
];

export interface TimeTicks {
  readonly step: Ms;
  readonly at: readonly Ms[];
}

/** Round moments between two times, at most `most` of them. */
export function timeTicks(from: Ms, to: Ms, most: number): TimeTicks {
  const step = steps.find((candidate) => (to - from) / candidate <= most) ?? Math.ceil((to - from) / most / day) * day;
  const first = Math.ceil(from / step) * step;
  const count = Math.max(0, Math.floor((to - first) / step) + 1);
  return { step, at: Array.from({ length: count }, (_, n) => first + n * step) };
}
