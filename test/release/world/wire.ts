import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { RouterProcess, Weights } from './router.ts';

/** When somebody may step in: before a change reaches the router, or when it holds and nobody has been told. */
export type Moment = 'before' | 'after';

type OnChange = (moment: Moment, candidate: number) => Promise<'pass' | 'lose'> | 'pass' | 'lose';

/** The wire between relpipe and the router's control endpoint: sees every change that is asked for, and can be cut. */
export class Wire {
  readonly url: string;
  /** The candidate's percent in every change that was asked for, and what the router said. */
  readonly changes: { readonly candidate: number; readonly status: number; readonly at: number }[] = [];
  onChange: OnChange = () => 'pass';
  readonly #server: Server;
  readonly #router: RouterProcess;

  constructor(server: Server, router: RouterProcess) {
    this.#server = server;
    this.#router = router;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (question: IncomingMessage, answer: ServerResponse) => void this.#pass(question, answer).catch(() => answer.destroy()));
  }

  /** Weights that came to hold, in their order. */
  get held(): readonly number[] {
    return this.changes.filter(({ status }) => status === 200).map(({ candidate }) => candidate);
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #pass(question: IncomingMessage, answer: ServerResponse): Promise<void> {
    const body = await buffer(question);
    const candidate = question.method === 'PUT' ? (JSON.parse(body.toString()) as { weights: Weights }).weights.candidate : undefined;
    if (candidate !== undefined && (await this.onChange('before', candidate)) === 'lose') return void answer.destroy();
    const said = await this.#forward(question, body);
    if (candidate !== undefined) {
      this.changes.push({ candidate, status: said.status, at: performance.now() });
      if ((await this.onChange('after', candidate)) === 'lose') return void answer.destroy();
    }
    answer.writeHead(said.status, said.headers).end(said.body);
  }

  async #forward({ method, url, headers }: IncomingMessage, body: Buffer): Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer }> {
    const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !ofTheConnection.includes(name)));
    const sent = request(`${this.#router.control}${url ?? ''}`, { method, headers: { ...kept, 'content-length': body.length } });
    sent.end(body);
    const [said] = (await once(sent, 'response')) as [IncomingMessage];
    return { status: said.statusCode ?? 0, headers: said.headers, body: await buffer(said) };
  }
}

const ofTheConnection = ['host', 'connection', 'transfer-encoding'];

export async function openWire(router: RouterProcess): Promise<Wire> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return new Wire(server, router);
}
