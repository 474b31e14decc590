import { Agent, get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** Clients that send requests over kept connections until they are stopped, and count the answers and the lost requests. */
export class Load {
  /** The number of answers by version and status, e.g. `1.1.0 200`. */
  readonly answers = new Map<string, number>();
  /** Requests without a complete answer of a service: lost connections, cut answers, errors of the router itself. */
  readonly drops: string[] = [];
  readonly #url: () => string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });
  readonly #inFlight = new Set<Promise<void>>();
  readonly #timer: NodeJS.Timeout;

  /** @param url read for every request */
  constructor(url: () => string, perSecond: number) {
    this.#url = url;
    const atOnce = Math.ceil(perSecond / 50);
    this.#timer = setInterval(() => {
      for (let i = 0; i < atOnce; i++) this.#startRequest();
    }, (1000 * atOnce) / perSecond);
  }

  get answered(): number {
    return [...this.answers.values()].reduce((sum, count) => sum + count, 0);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#inFlight);
    this.#agent.destroy();
  }

  #startRequest(): void {
    const sent = this.#send().catch((error: unknown) => void this.drops.push(String(error)));
    this.#inFlight.add(sent);
    void sent.then(() => this.#inFlight.delete(sent));
  }

  async #send(): Promise<void> {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      get(this.#url(), { agent: this.#agent }, resolve).on('error', reject);
    });
    await text(answer);
    const version = answer.headers['x-version'];
    if (!answer.complete || version === undefined) throw new Error(`answer ${answer.statusCode} that is not from a service`);
    const key = `${String(version)} ${answer.statusCode}`;
    this.answers.set(key, (this.answers.get(key) ?? 0) + 1);
  }
}
