import type { RouterStatus } from '../../router/control/router-status.ts';
import type { RouterClient } from '../../router/router-client.ts';
import type { Router, RouterReading, SideTraffic, SideWeights, Testers } from '../router.ts';
import { inStepWords } from './in-step-words.ts';

/** The router that comes with this plugin, through its control endpoint. */
export class EmbeddedRouter implements Router {
  readonly name: string;
  readonly #client: RouterClient;
  readonly #signal: AbortSignal;

  constructor(client: RouterClient, signal: AbortSignal) {
    this.name = `the router at ${client.controlUrl}`;
    this.#client = client;
    this.#signal = signal;
  }

  async read(): Promise<RouterReading> {
    const { sides, weights, generation, testers } = await this.#status();
    return {
      sides: Object.entries(sides).map(([name, { url }]) => ({ name, url })),
      weights,
      revision: String(generation),
      ...(testers !== undefined && { testers }),
    };
  }

  async write(weights: SideWeights, { revision }: RouterReading): Promise<RouterReading> {
    const how = { expectedGeneration: Number(revision), signal: this.#signal };
    await inStepWords(() => this.#client.setWeights(weights, how));
    return this.read();
  }

  async measure(): Promise<SideTraffic> {
    const { sides, generation } = await this.#status();
    const requests = Object.entries(sides).map(([name, { sinceWeightChange }]) => [name, sinceWeightChange.assigned] as const);
    return { revision: String(generation), requests: Object.fromEntries(requests) };
  }

  setTesters(testers: Testers | undefined): Promise<void> {
    return inStepWords(() => this.#client.setTesters(testers, this.#signal));
  }

  #status(): Promise<RouterStatus> {
    return inStepWords(() => this.#client.readStatus(this.#signal));
  }
}
