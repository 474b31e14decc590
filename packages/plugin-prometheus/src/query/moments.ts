import type { SampleRequest } from 'relpipe/plugin';

/** One time to measure, with the query as it is at that time. */
export interface Moment {
  readonly at: number;
  readonly query: string;
  /** The query needs a window and there is none yet: the weight has only just changed. */
  readonly isTooEarly: boolean;
}

/**
 * The window of each time ends there and starts where the window of the request does, so that it is shorter for earlier times:
 * one length for all of them would reach back before the weight change.
 */
export const momentsOf = (query: string, configuredMs: number | undefined, request: SampleRequest): readonly Moment[] =>
  request.at.map((at) => {
    const lengthMs = Math.min(configuredMs ?? Infinity, at - request.window.from);
    const resolved = resolveQuery(query, lengthMs);
    return { at, query: resolved, isTooEarly: lengthMs < 1 && resolved !== query };
  });

/**
 * Fills the window into the query: `[$window]` becomes `[57s]`. It is rounded down, because it must not reach back before the last
 * weight change; below a second it is written in milliseconds. `$windowed` and the like are left alone.
 */
export const resolveQuery = (query: string, windowMs: number): string =>
  query.replace(
    /\$(?:window\b|\{window\})/g,
    windowMs >= 1000 ? `${Math.floor(windowMs / 1000)}s` : `${Math.floor(windowMs)}ms`,
  );

/** Consecutive moments that one request can cover: the same query at even distances. */
export interface EvenRun {
  readonly moments: readonly [Moment, ...Moment[]];
  /** Between two moments; 0 for a single one. */
  readonly stepMs: number;
}

/** A server refuses more than 11,000 points of a series in one request (web/api/v1 of Prometheus). */
const maximumPoints = 11_000;

/** Splits moments into runs, greedily from left to right. */
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
  return isEven && next.query === lastOf(run).query && run.moments.length < maximumPoints;
}

function extend(run: GrowingRun, next: Moment): void {
  run.stepMs = next.at - lastOf(run).at;
  run.moments.push(next);
}
