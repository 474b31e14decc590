import type { Provided } from 'relpipe/plugin';
import type { Router, RouterReading, RouterSide, SideWeights } from '../../src/routers/router.ts';

/** A router in memory, whose servers listen nowhere. It keeps weights as they are given. */
export class MemoryRouter implements Router {
  readonly name = 'the router';
  readonly servers: readonly RouterSide[];
  weights: SideWeights;
  requests: Record<string, number> = {};
  #revision = 0;

  constructor(weights: SideWeights, more: Readonly<Record<string, Partial<RouterSide>>> = {}) {
    this.weights = weights;
    this.servers = Object.keys(weights).map((name) => ({ name, url: `http://${name}.test:80`, ...more[name] }));
  }

  async read(): Promise<RouterReading> {
    return { sides: this.servers, weights: this.weights, revision: String(this.#revision) };
  }

  async write(weights: SideWeights): Promise<RouterReading> {
    this.weights = weights;
    this.#revision += 1;
    return this.read();
  }

  async measure() {
    return { revision: String(this.#revision), requests: this.requests };
  }

  manualCommand = (weights: SideWeights): string => JSON.stringify(weights);

  /** As a step gets it. */
  get provided(): Provided<Router> {
    return { name: 'memory', open: async () => this };
  }
}
