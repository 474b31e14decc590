import { driftFrom } from '../../sides/drift-from.ts';
import { RouterError } from '../../router/router-error.ts';
import { lockState } from '../../router/state/lock-state.ts';
import type { RouterState } from '../../router/state/router-state.ts';
import { readState, writeState } from '../../router/state/state-file.ts';
import { parseWeights } from '../../router/weights.ts';
import type { RouterReading, SideWeights, Testers, WeightKeeper } from '../router.ts';
import { inStepWords } from './in-step-words.ts';

/** The state file of an embedded router that does not live: one that does holds its lock, and nobody else writes the file. */
export class EmbeddedNextStart implements WeightKeeper {
  readonly name: string;
  readonly #stateFile: string;

  constructor(stateFile: string) {
    this.name = `the state file ${stateFile}`;
    this.#stateFile = stateFile;
  }

  async read(): Promise<RouterReading> {
    const { sides, weights, generation } = await this.#read();
    return { sides: Object.entries(sides).map(([name, url]) => ({ name, url })), weights, revision: String(generation) };
  }

  async write(weights: SideWeights, former: RouterReading): Promise<RouterReading> {
    await this.#change((state) => {
      if (String(state.generation) !== former.revision) throw driftFrom(this, former.weights, state.weights);
      const given = parseWeights(weights, Object.keys(state.sides));
      return { ...state, weights: given, generation: state.generation + 1, changedAt: new Date().toISOString() };
    });
    return this.read();
  }

  setTesters(testers: Testers | undefined): Promise<void> {
    return this.#change(({ format, sides, weights, generation, changedAt, running }) => {
      return { format, sides, weights, generation, changedAt, running, ...(testers !== undefined && { testers }) };
    });
  }

  #change(change: (state: RouterState) => RouterState): Promise<void> {
    return inStepWords(async () => {
      const lock = lockState(this.#stateFile, await readState(this.#stateFile));
      try {
        await writeState(this.#stateFile, change(await this.#read()));
      } finally {
        lock.release();
      }
    });
  }

  #read(): Promise<RouterState> {
    return inStepWords(async () => (await readState(this.#stateFile)) ?? Promise.reject(neverStarted(this.#stateFile)));
  }
}

const neverStarted = (stateFile: string) =>
  new RouterError('TRAFFIC_ROUTER_STATE_UNREADABLE', `There is no state file ${stateFile}.`, 'See whether the path is right: a router writes it when it starts.');
