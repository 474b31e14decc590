import type { RouterStatus } from '../../router/control/router-status.ts';
import type { RouterClient } from '../../router/router-client.ts';
import type { Router, RouterReading, SideTraffic, SideWeights, Testers, WeightKeeper } from '../router.ts';
import type { EmbeddedPlace } from './embedded-place.ts';
import { inStepWords } from './in-step-words.ts';

/** The router that comes with this plugin, through its control endpoint. */
export class EmbeddedRouter implements Router {
  readonly name: string;
  readonly nextStart?: () => WeightKeeper;
  readonly #place: EmbeddedPlace;
  readonly #signal: AbortSignal;
  #client: Promise<RouterClient> | undefined;

  constructor(place: EmbeddedPlace, signal: AbortSignal) {
    this.name = place.name;
    this.#place = place;
    this.#signal = signal;
    if (place.nextStart !== undefined) this.nextStart = place.nextStart;
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
    await this.#ask((client) => client.setWeights(weights, how));
    return this.read();
  }

  async measure(): Promise<SideTraffic> {
    const { sides, generation } = await this.#status();
    const requests = Object.entries(sides).map(([name, { sinceWeightChange }]) => [name, sinceWeightChange.assigned] as const);
    return { revision: String(generation), requests: Object.fromEntries(requests) };
  }

  setTesters(testers: Testers | undefined): Promise<void> {
    return this.#ask((client) => client.setTesters(testers, this.#signal));
  }

  byHand(weights: SideWeights): string {
    return this.#place.byHand(weights);
  }

  #status(): Promise<RouterStatus> {
    return this.#ask((client) => client.readStatus(this.#signal));
  }

  #ask<Answer>(question: (client: RouterClient) => Promise<Answer>): Promise<Answer> {
    return inStepWords(async () => question(await (this.#client ??= this.#place.connect())));
  }
}
