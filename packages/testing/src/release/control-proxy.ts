import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { closeServer, listenLocally } from '../http-server.ts';
import type { RouterProcess, Weights } from './router-process.ts';

/** When a test can interfere: before a change reaches the router, or after the router applied it and before relpipe gets the answer. */
export type Moment = 'before' | 'after';

/** `lose`: the connection is closed without an answer. */
type OnChange = (moment: Moment, candidate: number) => Promise<'pass' | 'lose'> | 'pass' | 'lose';

/** A proxy between relpipe and the control endpoint of the router: it records every requested change, and can lose it. */
export class ControlProxy {
  readonly url: string;
  /** The candidate's percent in every requested change, and the status of the router's answer. */
  readonly changes: { readonly candidate: number; readonly status: number; readonly at: number }[] = [];
  onChange: OnChange = () => 'pass';
  readonly #server: Server;
  readonly #router: RouterProcess;

  constructor(server: Server, url: string, router: RouterProcess) {
    this.#server = server;
    this.#router = router;
    this.url = url;
    server.on('request', (incoming: IncomingMessage, response: ServerResponse) => void this.#forward(incoming, response).catch(() => response.destroy()));
  }

  /** The candidate's percent in every change that the router applied, in order. */
  get applied(): readonly number[] {
    return this.changes.filter(({ status }) => status === 200).map(({ candidate }) => candidate);
  }

  async stop(): Promise<void> {
    await closeServer(this.#server);
  }

  async #forward(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    const candidate = incoming.method === 'PUT' ? (JSON.parse(body.toString()) as { weights: Weights }).weights.candidate : undefined;
    if (candidate !== undefined && (await this.onChange('before', candidate)) === 'lose') return void response.destroy();
    const answer = await this.#ask(incoming, body);
    if (candidate !== undefined) {
      this.changes.push({ candidate, status: answer.status, at: performance.now() });
      if ((await this.onChange('after', candidate)) === 'lose') return void response.destroy();
    }
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  async #ask({ method, url, headers }: IncomingMessage, body: Buffer): Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer }> {
    const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !connectionHeaders.includes(name)));
    const sent = request(`${this.#router.control}${url ?? ''}`, { method, headers: { ...kept, 'content-length': body.length } });
    sent.end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: await buffer(answer) };
  }
}

const connectionHeaders = ['host', 'connection', 'transfer-encoding'];

export async function openControlProxy(router: RouterProcess): Promise<ControlProxy> {
  const server = createServer();
  return new ControlProxy(server, await listenLocally(server), router);
}
