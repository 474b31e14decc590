import { Agent, get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** Clients with kept connections, until they are stopped; counts answers and lost requests. */
export class Load {
  answers = 0;
  /** Requests without a complete answer of a service: lost connections, cut answers, errors of the router itself. */
  readonly drops: string[] = [];
  readonly #url: () => string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 32 });
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
    if (!answer.complete || answer.headers['x-version'] === undefined) throw new Error(`answer ${answer.statusCode} that is not from a service`);
    this.answers++;
  }
}
