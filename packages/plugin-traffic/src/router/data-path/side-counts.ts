/** Upper bounds of the duration histogram, in seconds: a quarter of a millisecond to ten seconds. */
export const durationBucketsS = [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** A side's requests over some time. `assigned` is the share it was given, `requests` what came of it so far. */
export interface SideTotals {
  readonly assigned: number;
  readonly requests: number;
  readonly clientAborts: number;
  readonly retries: number;
  readonly byCode: Readonly<Record<string, number>>;
  readonly upstreamErrors: Readonly<Record<string, number>>;
}

/** What happened to one side's requests. Plain numbers, because every request passes here. */
export class SideCounts {
  inFlight = 0;
  /** Requests that the weights gave to this side, answered or not. */
  assigned = 0;
  /** Requests that ended, however they ended. */
  requests = 0;
  clientAborts = 0;
  retries = 0;
  durationSumS = 0;
  /** Requests by status code, as `requests_total` tells it. */
  readonly byCode = new Map<number, number>();
  readonly byErrorReason = new Map<string, number>();
  /** Requests per bucket, not yet summed up; the last one is beyond every bound. */
  readonly durations: number[] = [...durationBucketsS.map(() => 0), 0];
  #idleListeners: (() => void)[] = [];

  begin(): void {
    this.inFlight += 1;
  }

  /** Counts the answer; a tunnel is counted when it opens and stays in flight until it closes. */
  answered(code: number, durationMs: number): void {
    const seconds = durationMs / 1000;
    this.requests += 1;
    this.byCode.set(code, (this.byCode.get(code) ?? 0) + 1);
    this.durationSumS += seconds;
    let bucket = 0;
    while (seconds > (durationBucketsS[bucket] ?? Infinity)) bucket += 1;
    this.durations[bucket] = (this.durations[bucket] ?? 0) + 1;
  }

  upstreamError(reason: string): void {
    this.byErrorReason.set(reason, (this.byErrorReason.get(reason) ?? 0) + 1);
  }

  end(): void {
    this.inFlight -= 1;
    if (this.inFlight > 0 || this.#idleListeners.length === 0) return;
    const listeners = this.#idleListeners;
    this.#idleListeners = [];
    for (const listener of listeners) listener();
  }

  /** The totals as they are now. */
  totals(): SideTotals {
    const { assigned, requests, clientAborts, retries } = this;
    const byCode = Object.fromEntries(this.byCode);
    return { assigned, requests, clientAborts, retries, byCode, upstreamErrors: Object.fromEntries(this.byErrorReason) };
  }

  /** Resolves to whether nothing was in flight any more within `timeoutMs`. */
  async becomesIdle(timeoutMs: number): Promise<boolean> {
    if (this.inFlight === 0) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), timeoutMs);
    this.#idleListeners.push(() => resolve(true));
    return promise.finally(() => clearTimeout(timer));
  }
}
