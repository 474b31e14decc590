import { Agent, get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** Real requests over kept connections, about 150 a second, and what became of every one of them. */
export class Load {
  /** By version and code, e.g. `1.1.0 200`. */
  readonly answers = new Map<string, number>();
  /** What did not come from a service: lost connections, cut answers, errors of the router itself. */
  readonly drops: string[] = [];
  readonly #url: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });
  readonly #inFlight = new Set<Promise<void>>();
  readonly #timer: NodeJS.Timeout;

  constructor(url: string) {
    this.#url = url;
    this.#timer = setInterval(() => this.#sendSome(), everyMs);
  }

  get requests(): number {
    return [...this.answers.values()].reduce((sum, count) => sum + count, this.drops.length);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#inFlight);
    this.#agent.destroy();
  }

  #sendSome(): void {
    for (let i = 0; i < requestsAtOnce; i += 1) {
      const sent = this.#send().catch((error: unknown) => void this.drops.push(String(error)));
      this.#inFlight.add(sent);
      void sent.then(() => this.#inFlight.delete(sent));
    }
  }

  async #send(): Promise<void> {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      get(this.#url, { agent: this.#agent }, resolve).on('error', reject);
    });
    await text(answer);
    const version = answer.headers['x-version'];
    if (!answer.complete || version === undefined) throw new Error(`answer ${answer.statusCode} without a version`);
    const key = `${String(version)} ${answer.statusCode}`;
    this.answers.set(key, (this.answers.get(key) ?? 0) + 1);
  }
}

const everyMs = 20;
const requestsAtOnce = 3;
