import type { StepKey } from '../../plan/plan.ts';
import type { StepState } from './node.ts';

/**
 * Steps in the order in which they became ready, each once. As a `Set`, but finding the first costs the same after many were taken out,
 * where a `Set` walks over the places they left; and each step knows its own place, where a `Set` of a hundred thousand has to look for it.
 */
export class ReadyTasks implements Iterable<StepState> {
  readonly #steps: (StepState | undefined)[] = [];
  #first = 0;

  add(step: StepState): void {
    if (step.place >= 0) return;
    step.place = this.#steps.length;
    this.#steps.push(step);
  }

  /** The one to begin next, if that is its key: nearly always it is. */
  first(key: StepKey): StepState | undefined {
    const step = this.#steps[this.#first];
    return step?.plan.key === key ? step : undefined;
  }

  delete(step: StepState): void {
    if (step.place < 0) return;
    this.#steps[step.place] = undefined;
    step.place = -1;
    while (this.#first < this.#steps.length && this.#steps[this.#first] === undefined) this.#first += 1;
    if (this.#first < this.#steps.length) return;
    this.#steps.length = 0;
    this.#first = 0;
  }

  *[Symbol.iterator](): Iterator<StepState> {
    for (let place = this.#first; place < this.#steps.length; place += 1) {
      const step = this.#steps[place];
      if (step !== undefined) yield step;
    }
  }
}
