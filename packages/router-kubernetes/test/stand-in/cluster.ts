import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { closeServer, listenLocally } from '@relpipe/testing/http-server';
import { parseJson } from 'relpipe/plugin/toolkit';
import { Check } from 'typebox/schema';
import { objectSchemas } from './object-schemas.ts';

export interface StandInObject {
  readonly metadata: { readonly name: string; readonly namespace: string; resourceVersion: string; generation: number };
  readonly spec: object;
  readonly status?: object;
}

const token = 'who-releases';

/** A stand-in for the API server of a cluster with one object of Istio or the Gateway API; it records every request that does not match the published schemas. */
export class StandInCluster implements AsyncDisposable {
  readonly violations: string[] = [];
  /** Answers with these in place of what was asked, once each. */
  readonly refusals: { readonly code: number; readonly message: string }[] = [];
  /** Its answer to a dry run; absent: it would accept the object. */
  objection?: string;
  /** Happens before an object is replaced. */
  beforeReplace: () => void = () => undefined;
  /** What a controller writes into the status, by the generation it has seen. */
  statusOf: (generation: number) => object | undefined = () => undefined;
  /** Whether it requires a token; kubectl sends one only over TLS. */
  asksForToken = true;
  object: StandInObject;
  readonly #type: string;
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  /** @param type `GROUP/VERSION/PLURAL` */
  constructor(type: string, kind: string, spec: object) {
    this.#type = type;
    const [group = '', version = ''] = type.split('/');
    const metadata = { name: 'shop', namespace: 'web', resourceVersion: '1', generation: 1 };
    this.object = { apiVersion: `${group}/${version}`, kind, metadata, spec } as StandInObject;
  }

  /** Starts it, and writes a kubeconfig for it with the contexts `shop` and `elsewhere`. */
  async start(kubeconfig: string): Promise<void> {
    await writeKubeconfig(kubeconfig, await listenLocally(this.#server));
  }

  /** Changes the object without relpipe. */
  set(spec: object): void {
    const { metadata } = this.object;
    const hasChanged = JSON.stringify(spec) !== JSON.stringify(this.object.spec);
    const generation = metadata.generation + (hasChanged ? 1 : 0);
    const status = this.statusOf(generation);
    this.object = { ...this.object, spec, metadata: { ...metadata, generation, resourceVersion: String(Number(metadata.resourceVersion) + 1) }, ...(status && { status }) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await closeServer(this.#server);
    if (this.violations.length > 0) throw new Error(`This does not fit the published API:\n${this.violations.join('\n')}`);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body: unknown = request.method === 'PUT' ? parseJson(await text(request)) : undefined;
    const [code, answer] = this.#handle(request, body);
    response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }

  #handle({ method, url = '', headers }: IncomingMessage, body: unknown): [number, object] {
    const refusal = this.refusals.shift();
    if (refusal) return failure(refusal.code, refusal.message);
    if (this.asksForToken && headers.authorization !== `Bearer ${token}`) return failure(401, 'Unauthorized');
    const { metadata } = this.object;
    const { pathname, search } = new URL(url, 'http://cluster');
    if (pathname !== `/apis/${this.#type.split('/').slice(0, 2).join('/')}/namespaces/${metadata.namespace}/${this.#type.split('/')[2] ?? ''}/${metadata.name}`) return failure(404, `${url} not found`);
    if (method === 'GET') return [200, this.object];
    const isRehearsal = search === '?dryRun=All';
    if (method !== 'PUT' || (search !== '' && !isRehearsal) || !Check(objectSchemas[this.#type]!, body)) {
      this.violations.push(`${method ?? ''} ${url} ${JSON.stringify(body)}`);
      return failure(422, 'invalid');
    }
    if (isRehearsal && this.objection !== undefined) return failure(400, this.objection);
    if (!isRehearsal) this.beforeReplace();
    const given = body as StandInObject;
    if (given.metadata.resourceVersion !== this.object.metadata.resourceVersion) return failure(409, 'the object has been modified; please apply your changes to the latest version and try again');
    if (weightsIn(given.spec).every((weight) => weight === 0)) return failure(400, 'admission webhook denied the request: total destination weight = 0');
    if (!isRehearsal) this.set(given.spec);
    return [200, this.object];
  }
}

const failure = (code: number, message: string): [number, object] => [code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code }];

const weightsIn = (value: unknown): readonly unknown[] =>
  typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([key, inner]) => (key === 'weight' ? [inner] : weightsIn(inner))) : [];

/** A kubeconfig is YAML, and JSON is YAML. */
export const writeKubeconfig = (file: string, server: string): Promise<void> =>
  writeFile(
    file,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      // The client accepts a server without TLS only when certificates are not checked.
      clusters: [{ name: 'here', cluster: { server, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'release', user: { token } }, { name: 'nobody', user: {} }],
      contexts: [
        { name: 'shop', context: { cluster: 'here', user: 'release', namespace: 'web' } },
        { name: 'anonymous', context: { cluster: 'here', user: 'nobody', namespace: 'web' } },
      ],
      'current-context': 'shop',
    }),
  );
