const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** Requests by status code, and their durations, in the Prometheus text format 0.0.4. */
export class Metrics {
  /** Starts with zeros, so that a gate reads "no errors yet" and not "no such series". */
  readonly #byCode = new Map([[200, 0], [500, 0]]);
  readonly #byBucket = buckets.map(() => 0);
  #seconds = 0;

  answered(code: number, seconds: number): void {
    this.#byCode.set(code, (this.#byCode.get(code) ?? 0) + 1);
    this.#seconds += seconds;
    buckets.forEach((bound, i) => {
      if (seconds <= bound) this.#byBucket[i] = (this.#byBucket[i] ?? 0) + 1;
    });
  }

  print(): string {
    const count = [...this.#byCode.values()].reduce((sum, requests) => sum + requests, 0);
    return [
      '# TYPE http_requests_total counter',
      ...[...this.#byCode].map(([code, requests]) => `http_requests_total{code="${code}"} ${requests}`),
      '# TYPE http_request_duration_seconds histogram',
      ...buckets.map((bound, i) => `http_request_duration_seconds_bucket{le="${bound}"} ${this.#byBucket[i] ?? 0}`),
      `http_request_duration_seconds_bucket{le="+Inf"} ${count}`,
      `http_request_duration_seconds_sum ${this.#seconds}`,
      `http_request_duration_seconds_count ${count}`,
      '',
    ].join('\n');
  }
}
