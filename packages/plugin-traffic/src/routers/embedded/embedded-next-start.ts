import { parseWeights } from '../../relpipe-router/parse-weights.ts';
import { RouterError } from '../../relpipe-router/router-error.ts';
import { lockState, readState, writeState, type RouterState } from '../../relpipe-router/state/state-file.ts';
import { driftError } from '../../weights/weights.ts';
import type { PreviewMatch, RouterReading, SideWeights, WeightKeeper } from '../router.ts';
import { fourDecimals } from '../units.ts';
import { asStepError } from './as-step-error.ts';

/** The state file of an embedded router that is not running: a running one holds the lock of the file, and only it writes the file. */
export class EmbeddedNextStart implements WeightKeeper {
  readonly name: string;
  readonly #stateFile: string;

  constructor(stateFile: string) {
    this.name = `the state file ${stateFile}`;
    this.#stateFile = stateFile;
  }

  async read(): Promise<RouterReading> {
    const { sides, weights, generation, preview } = await this.#read();
    const named = Object.entries(sides).map(([name, url]) => ({ name, url }));
    return { sides: named, weights, revision: String(generation), ...(preview !== undefined && { preview }) };
  }

  async write(weights: SideWeights, previous: RouterReading): Promise<RouterReading> {
    await this.#change((state) => {
      if (String(state.generation) !== previous.revision) throw driftError(this, previous.weights, state.weights);
      const given = parseWeights(fourDecimals(weights), Object.keys(state.sides));
      return { ...state, weights: given, generation: state.generation + 1, changedAt: new Date().toISOString() };
    });
    return this.read();
  }

  setPreview(match: PreviewMatch | undefined): Promise<void> {
    return this.#change(({ format, sides, weights, generation, changedAt, running }) => {
      return { format, sides, weights, generation, changedAt, running, ...(match !== undefined && { preview: match }) };
    });
  }

  #change(change: (state: RouterState) => RouterState): Promise<void> {
    return asStepError(async () => {
      const lock = lockState(this.#stateFile, await readState(this.#stateFile));
      try {
        await writeState(this.#stateFile, change(await this.#read()));
      } finally {
        lock.release();
      }
    });
  }

  #read(): Promise<RouterState> {
    return asStepError(async () => (await readState(this.#stateFile)) ?? Promise.reject(neverStarted(this.#stateFile)));
  }
}

const neverStarted = (stateFile: string) =>
  new RouterError(
    'TRAFFIC_ROUTER_STATE_UNREADABLE',
    `There is no state file ${stateFile}.`,
    'Check the path: a router writes the file when it starts.',
  );
