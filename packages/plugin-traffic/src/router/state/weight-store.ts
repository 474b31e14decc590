import type { Testers } from '../../router-kinds/router.ts';
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

/** The present weights and testers. A change is on disk before it takes effect, and one is made after the other. */
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
   * Sets the weights; the same weights once more change nothing, not even the generation.
   * @throws GenerationConflict when `expected` is given and not the present generation
   */
  set(weights: Weights, expected?: number): Promise<WeightState> {
    return this.#inTurn(() => this.#change(weights, expected));
  }

  setTesters(testers: Testers | undefined): Promise<WeightState> {
    return this.#inTurn(() => {
      const { weights, generation, changedAt } = this.present;
      return this.#hold({ weights, generation, changedAt, ...(testers !== undefined && { testers }) });
    });
  }

  /** Resolves when no change is under way. */
  async settled(): Promise<void> {
    await this.#last;
  }

  async #change(weights: Weights, expected: number | undefined): Promise<WeightState> {
    if (expected !== undefined && expected !== this.present.generation) throw new GenerationConflict(expected, this.present);
    if (areSameWeights(weights, this.present.weights)) return this.present;
    return this.#hold({ ...this.present, weights, generation: this.present.generation + 1, changedAt: new Date().toISOString() });
  }

  #inTurn(makeChange: () => Promise<WeightState>): Promise<WeightState> {
    const change = this.#last.then(makeChange);
    // A failed change is its caller's to hear of; the next one starts from what holds.
    this.#last = change.catch(() => undefined);
    return change;
  }

  async #hold(next: WeightState): Promise<WeightState> {
    await this.#persist(next);
    this.present = next;
    this.#apply(next);
    return next;
  }
}
