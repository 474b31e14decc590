import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { closeServer, listenLocally } from '@relpipe/testing/http-server';
import { Check } from 'typebox/schema';
import { parse, stringify } from 'yaml';
import { operations } from './admin-api-schema.ts';

export interface StandInTarget {
  readonly id: string;
  readonly target: string;
  weight: number;
  updated_at: number;
}

/** A stand-in for one Kong node: its Admin API, which records every request that the published API does not have. */
export class StandInNode implements AsyncDisposable {
  readonly violations: string[] = [];
  /** One list per page. */
  readonly pageSize = 1;
  readonly upstream = 'shop';
  /** Answers with this status in place of what was asked, once each. */
  readonly failures: number[] = [];
  /** Happens before each change is made. */
  beforeChange: () => void = () => undefined;
  targets: StandInTarget[];
  /** As its health checks see the targets; default: they are off. */
  health: Readonly<Record<string, string>> = {};
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #hasDatabase: boolean;
  readonly #token: string | undefined;

  constructor(hosts: Readonly<Record<string, number>>, { database = true, token }: { readonly database?: boolean; readonly token?: string } = {}) {
    this.targets = Object.entries(hosts).map(([target, weight]) => ({ id: randomUUID(), target, weight, updated_at: Date.now() / 1000 }));
    this.#hasDatabase = database;
    this.#token = token;
  }

  start(): Promise<string> {
    return listenLocally(this.#server);
  }

  /** Changes weights without relpipe. */
  set(weights: Readonly<Record<string, number>>): void {
    for (const target of this.targets) Object.assign(target, { weight: weights[target.target] ?? 0, updated_at: Date.now() / 1000 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await closeServer(this.#server);
    if (this.violations.length > 0) throw new Error(`Kong has no such request:\n${this.violations.join('\n')}`);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://kong');
    const body: unknown = request.method === 'GET' ? undefined : await json(request);
    this.#check(request, pathname, searchParams, body);
    const [status, answer] = this.#token !== undefined && request.headers['kong-admin-token'] !== this.#token ? [401, { message: 'Unauthorized' }] : this.#handle(request.method, pathname, searchParams, body);
    response.writeHead(status, { 'content-type': 'application/json' }).end(status === 304 ? '' : JSON.stringify(answer));
  }

  #check({ method, headers }: IncomingMessage, path: string, query: URLSearchParams, body: unknown): void {
    const operation = operations.find((known) => known.method === method && known.path.test(path));
    const line = `${method ?? ''} ${path}?${query.toString()} ${JSON.stringify(body)}`;
    if (!operation || [...query.keys()].some((name) => !operation.query.includes(name))) this.violations.push(line);
    else if (operation.body && (headers['content-type'] !== 'application/json' || !Check(operation.body, body))) this.violations.push(line);
  }

  #handle(method: string | undefined, path: string, query: URLSearchParams, body: unknown): [number, unknown] {
    const failure = this.failures.shift();
    if (failure !== undefined) return [failure, { message: 'An unexpected error occurred' }];
    if (path === '/') return [200, { version: '3.9.1', configuration: { database: this.#hasDatabase ? 'postgres' : 'off' } }];
    if (path === '/config') return this.#hasDatabase ? [400, { message: 'this endpoint is only available when Kong is configured to not use a database' }] : this.#config(method, body);
    if (path === '/upstreams') return [200, { data: [{ id: randomUUID(), name: this.upstream }], next: null }];
    const [, , upstream, , target] = path.split('/').map(decodeURIComponent);
    if (upstream !== this.upstream) return [404, { message: 'Not found' }];
    if (path.endsWith('/health')) return [200, { data: this.targets.map((one) => ({ ...one, health: this.health[one.target] ?? 'HEALTHCHECKS_OFF' })), next: null, node_id: randomUUID() }];
    if (target === undefined) return this.#page(Number(query.get('offset') ?? 0));
    if (!this.#hasDatabase) return [405, { message: 'cannot create or update \'targets\' entities when not using a database' }];
    return this.#patch(target, body as { readonly weight: number });
  }

  #page(offset: number): [number, unknown] {
    const isMore = offset + this.pageSize < this.targets.length;
    const next = isMore ? `/upstreams/${this.upstream}/targets?offset=${offset + this.pageSize}` : null;
    return [200, { data: this.targets.slice(offset, offset + this.pageSize), next }];
  }

  #patch(id: string, { weight }: { readonly weight: number }): [number, unknown] {
    const target = this.targets.find((known) => known.id === id || known.target === id);
    if (!target) return [404, { message: 'Not found' }];
    this.beforeChange();
    Object.assign(target, { weight, updated_at: Date.now() / 1000 });
    return [200, target];
  }

  /** Its whole configuration, flat and with references by id, as Kong exports it. */
  #config(method: string | undefined, body: unknown): [number, unknown] {
    const upstreamId = '11111111-1111-4111-8111-111111111111';
    const services = [{ name: 'shop', host: this.upstream, port: 80, enabled: true, tags: null, path: '/on', id: '22222222-2222-4222-8222-222222222222' }];
    if (method === 'GET') {
      const upstreams = [{ name: this.upstream, id: upstreamId, algorithm: 'round-robin', slots: 10_000 }];
      const targets = this.targets.map((target) => ({ ...target, upstream: upstreamId, tags: null }));
      return [200, { config: stringify({ _format_version: '3.0', _transform: false, services, upstreams, targets }, { version: '1.1' }) }];
    }
    const { config } = body as { readonly config: string };
    const given = parse(config, { version: '1.1' }) as { readonly services: unknown; readonly targets: readonly StandInTarget[] };
    if (JSON.stringify(given.services) !== JSON.stringify(services)) this.violations.push(`other services: ${JSON.stringify(given.services)}`);
    if (given.targets.some(({ weight }) => !Number.isInteger(weight) || weight < 0 || weight > 65_535)) return [400, { message: 'declarative config is invalid' }];
    this.beforeChange();
    this.targets = given.targets.map(({ id, target, weight }) => ({ id, target, weight, updated_at: Date.now() / 1000 }));
    return [201, {}];
  }
}
