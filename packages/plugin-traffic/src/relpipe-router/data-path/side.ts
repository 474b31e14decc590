import type { SideHealth } from '../health.ts';
import { UpstreamPool, type Origin } from './upstream.ts';

/** One of the sides between which traffic is divided. */
export class Side {
  readonly name: string;
  readonly origin: Origin;
  readonly counts = new SideCounts();
  readonly pool: UpstreamPool;
  health: SideHealth = { state: 'unknown', streak: 0 };

  constructor(name: string, origin: Origin) {
    this.name = name;
    this.origin = origin;
    this.pool = new UpstreamPool(origin);
  }
}

/** Upper bounds of the duration histogram, in seconds: a quarter of a millisecond to ten seconds. */
export const durationBucketsS = [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** A side's requests over some time. `assigned` is the share it was given, `requests` how many of them have ended. */
export interface SideTotals {
  readonly assigned: number;
  readonly requests: number;
  readonly clientAborts: number;
  readonly retries: number;
  readonly byCode: Readonly<Record<string, number>>;
  readonly upstreamErrors: Readonly<Record<string, number>>;
}

/** Counts of one side's requests. Plain numbers, because every request passes here. */
class SideCounts {
  inFlight = 0;
  /** Requests that the weights assigned to this side, answered or not. */
  assigned = 0;
  /** Requests that ended, however they ended. */
  requests = 0;
  clientAborts = 0;
  retries = 0;
  durationSumS = 0;
  /** Requests by status code, as in `requests_total`. */
  readonly byCode = new Map<number, number>();
  readonly byErrorReason = new Map<string, number>();
  /** Requests per bucket, not cumulative; the last bucket is above every bound. */
  readonly durations: number[] = [...durationBucketsS.map(() => 0), 0];
  #idleListeners: (() => void)[] = [];

  start(): void {
    this.inFlight += 1;
  }

  /** Counts an answer; a tunnel is counted when it opens, and stays in flight until it closes. */
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

  /** Resolves to whether no request was in flight any more within `timeoutMs`. */
  async becomesIdle(timeoutMs: number): Promise<boolean> {
    if (this.inFlight === 0) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), timeoutMs);
    this.#idleListeners.push(() => resolve(true));
    return promise.finally(() => clearTimeout(timer));
  }
}

/** The difference between two totals. */
export function subtractTotals(present: SideTotals, previous: SideTotals): SideTotals {
  return {
    assigned: present.assigned - previous.assigned,
    requests: present.requests - previous.requests,
    clientAborts: present.clientAborts - previous.clientAborts,
    retries: present.retries - previous.retries,
    byCode: subtractEach(present.byCode, previous.byCode),
    upstreamErrors: subtractEach(present.upstreamErrors, previous.upstreamErrors),
  };
}

type Counts = Readonly<Record<string, number>>;

function subtractEach(present: Counts, previous: Counts): Counts {
  const differences = Object.entries(present).map(([key, count]) => [key, count - (previous[key] ?? 0)] as const);
  return Object.fromEntries(differences.filter(([, count]) => count !== 0));
}
