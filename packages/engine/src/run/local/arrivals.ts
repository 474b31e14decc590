import type { FactBody } from '../core/fact.ts';
import type { Inbox } from './inbox.ts';

/** What has arrived and was not handed over yet: what operations report, and the commands of people. */
export class Arrivals {
  readonly #inbox: Inbox;
  #reported: FactBody[] = [];

  constructor(inbox: Inbox) {
    this.#inbox = inbox;
  }

  add(body: FactBody): void {
    this.#reported.push(body);
  }

  /** Without commands. */
  takeReported(): readonly FactBody[] {
    return this.#reported.splice(0);
  }

  /** What is here now. While it is not known whether an answer counts, the time of its question is not over. */
  async take(): Promise<readonly FactBody[]> {
    this.#reported.push(...(await this.#inbox.take()));
    const bodies = this.takeReported();
    if (!this.#inbox.isLookingUp) return bodies;
    this.#reported = bodies.filter(isTimeout);
    return bodies.filter((body) => !isTimeout(body));
  }

  /** The same, with every command that was sent so far. */
  async takeAll(): Promise<readonly FactBody[]> {
    const bodies = await this.take();
    if (!this.#inbox.isLookingUp) return bodies;
    await this.#inbox.whenResolved();
    return [...bodies, ...(await this.take())];
  }
}

const isTimeout = (body: FactBody): boolean => body.fact === 'fired' && body.key.includes('!timeout.');
