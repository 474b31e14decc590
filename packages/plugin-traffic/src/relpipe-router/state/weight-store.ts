import type { PreviewMatch, SideWeights } from '../../routers/router.ts';
import { areSameWeights } from '../parse-weights.ts';
import { RouterError } from '../router-error.ts';
import type { WeightState } from './state-file.ts';

/** A conditional change failed: somebody else has changed the weights in between. */
export class GenerationConflict extends RouterError {
  readonly present: WeightState;

  constructor(expected: number, present: WeightState) {
    super(
      'TRAFFIC_ROUTER_GENERATION_CONFLICT',
      `The weights are of generation ${present.generation}, not ${expected}.`,
      'Read the weights again, then decide again.',
    );
    this.present = present;
  }
}

/** The present weights and preview. A change is on disk before it takes effect; changes are made one after the other. */
export class WeightStore {
  present: WeightState;
  readonly #persist: (state: WeightState) => Promise<void>;
  readonly #apply: (state: WeightState) => void;
  #last: Promise<unknown> = Promise.resolve();

  constructor(first: WeightState, persist: (state: WeightState) => Promise<void>, apply: (state: WeightState) => void) {
    this.present = first;
    this.#persist = persist;
    this.#apply = apply;
  }

  /**
   * Sets the weights. Setting the same weights again changes nothing, not even the generation.
   * @throws GenerationConflict when `expected` is given and not the present generation
   */
  set(weights: SideWeights, expected?: number): Promise<WeightState> {
    return this.#enqueue(() => this.#change(weights, expected));
  }

  setPreview(preview: PreviewMatch | undefined): Promise<WeightState> {
    return this.#enqueue(() => {
      const { weights, generation, changedAt } = this.present;
      return this.#commit({ weights, generation, changedAt, ...(preview !== undefined && { preview }) });
    });
  }

  /** Resolves when no change is in progress. */
  async idle(): Promise<void> {
    await this.#last;
  }

  async #change(weights: SideWeights, expected: number | undefined): Promise<WeightState> {
    if (expected !== undefined && expected !== this.present.generation) throw new GenerationConflict(expected, this.present);
    if (areSameWeights(weights, this.present.weights)) return this.present;
    return this.#commit({ ...this.present, weights, generation: this.present.generation + 1, changedAt: new Date().toISOString() });
  }

  #enqueue(makeChange: () => Promise<WeightState>): Promise<WeightState> {
    const change = this.#last.then(makeChange);
    // Its caller gets the error of a failed change; the next change starts from the present state.
    this.#last = change.catch(() => undefined);
    return change;
  }

  async #commit(next: WeightState): Promise<WeightState> {
    await this.#persist(next);
    this.present = next;
    this.#apply(next);
    return next;
  }
}
