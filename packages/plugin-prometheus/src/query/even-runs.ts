import type { Moment } from './moments.ts';

/** Consecutive moments that one request can answer: the same query at even distances. */
export interface EvenRun {
  readonly moments: readonly [Moment, ...Moment[]];
  /** Between two moments; 0 for a single one. */
  readonly stepMs: number;
}

/** A server refuses more than 11,000 points of a series at once (web/api/v1 of Prometheus). */
const mostPoints = 11_000;

/** Splits into as few runs as going from left to right gives. */
export function evenRuns(moments: readonly Moment[]): readonly EvenRun[] {
  const runs: GrowingRun[] = [];
  for (const moment of moments) {
    const last = runs.at(-1);
    if (last && fits(last, moment)) extend(last, moment);
    else runs.push({ moments: [moment], stepMs: 0 });
  }
  return runs;
}

interface GrowingRun extends EvenRun {
  readonly moments: [Moment, ...Moment[]];
  stepMs: number;
}

const lastOf = ({ moments }: EvenRun): Moment => moments.at(-1) ?? moments[0];

function fits(run: EvenRun, next: Moment): boolean {
  const stepMs = next.at - lastOf(run).at;
  const isEven = run.moments.length === 1 ? stepMs > 0 : stepMs === run.stepMs;
  return isEven && next.query === lastOf(run).query && run.moments.length < mostPoints;
}

function extend(run: GrowingRun, next: Moment): void {
  run.stepMs = next.at - lastOf(run).at;
  run.moments.push(next);
}
