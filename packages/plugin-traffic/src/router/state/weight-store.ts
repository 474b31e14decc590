import { RouterError } from '../router-error.ts';
import { areSameWeights, type Weights } from '../weights.ts';
import type { WeightState } from './router-state.ts';

/** Asked for with compare-and-set: somebody else changed the weights in between. */
export class GenerationConflict extends RouterError {
  readonly present: WeightState;

  constructor(expected: number, present: WeightState) {
    super(
      'TRAFFIC_ROUTER_GENERATION_CONFLICT',
      `The weights are of generation ${present.generation}, not ${expected}.`,
      'Read the weights again and decide anew.',
    );
    this.present = present;
  }
}

/** The present weights. A change is on disk before it takes effect, and one is made after the other. */
export class WeightStore {
  present: WeightState;
  readonly #persist: (state: WeightState) => Promise<void>;
  readonly #apply: (weights: Weights) => void;
  #last: Promise<unknown> = Promise.resolve();

  constructor(first: WeightState, persist: (state: WeightState) => Promise<void>, apply: (weights: Weights) => void) {
    this.present = first;
    this.#persist = persist;
    this.#apply = apply;
  }

  /**
   * Sets the weights; the same weights once more change nothing, not even the generation.
   * @throws GenerationConflict when `expected` is given and not the present generation
   */
  set(weights: Weights, expected?: number): Promise<WeightState> {
    const change = this.#last.then(() => this.#change(weights, expected));
    // A failed change is its caller's to hear of; the next one starts from what holds.
    this.#last = change.catch(() => undefined);
    return change;
  }

  /** Resolves when no change is under way. */
  async settled(): Promise<void> {
    await this.#last;
  }

  async #change(weights: Weights, expected: number | undefined): Promise<WeightState> {
    if (expected !== undefined && expected !== this.present.generation) throw new GenerationConflict(expected, this.present);
    if (areSameWeights(weights, this.present.weights)) return this.present;
    const next = { weights, generation: this.present.generation + 1, changedAt: new Date().toISOString() };
    await this.#persist(next);
    this.present = next;
    this.#apply(weights);
    return next;
  }
}
