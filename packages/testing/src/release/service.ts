import { createServer, type Server, type ServerResponse } from 'node:http';
import { closeServer, listenLocally } from '../http-server.ts';

/** Answers a request for `/metrics` in place of the service. */
export type Metrics = (response: ServerResponse, counters: string) => unknown;

export const honestMetrics: Metrics = (response, counters) => void response.setHeader('content-type', 'text/plain; version=0.0.4').end(counters);

/** A version of a service with counters of its own; the test says when it fails, and what its metrics are. */
export class Service {
  readonly url: string;
  isBroken = false;
  metrics = honestMetrics;
  /** How often its metrics were requested. */
  scrapes = 0;
  /** When it gave its first bad answer, on the clock of `performance.now()`. */
  brokeAt: number | undefined;
  readonly #server: Server;
  readonly #byCode = new Map([[200, 0], [500, 0]]);

  constructor(server: Server, url: string, name: string) {
    this.#server = server;
    this.url = url;
    server.on('request', ({ url }, response) => {
      if (url === '/metrics') this.#sendMetrics(response);
      else this.#answer(response, name);
    });
  }

  get requests(): number {
    return [...this.#byCode.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Sets the counters to 0, as a restart of its process does. */
  resetCounters(): void {
    for (const code of this.#byCode.keys()) this.#byCode.set(code, 0);
  }

  async stop(): Promise<void> {
    if (this.#server.listening) await closeServer(this.#server);
  }

  #sendMetrics(response: ServerResponse): void {
    this.scrapes++;
    this.metrics(response, this.#counters());
  }

  #answer(response: ServerResponse, name: string): void {
    const code = this.isBroken ? 500 : 200;
    if (this.isBroken) this.brokeAt ??= performance.now();
    this.#byCode.set(code, (this.#byCode.get(code) ?? 0) + 1);
    response.writeHead(code, { 'x-version': name }).end(name);
  }

  #counters(): string {
    return ['# TYPE http_requests_total counter', ...[...this.#byCode].map(([code, n]) => `http_requests_total{code="${code}"} ${n}`), ''].join('\n');
  }
}

export async function startService(name: string): Promise<Service> {
  const server = createServer();
  return new Service(server, await listenLocally(server), name);
}
