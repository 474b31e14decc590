import type { PreviewMatch, SideWeights } from '../../routers/router.ts';
import type { DataPath } from '../data-path/data-path.ts';
import { subtractTotals, type Side, type SideTotals } from '../data-path/side.ts';
import { printMetrics } from '../metrics.ts';
import type { RunningState, WeightState } from '../state/state-file.ts';
import { WeightStore } from '../state/weight-store.ts';
import type { ControlledRouter, DrainAnswer, RouterStatus, SideStatus } from './control-api.ts';

interface RouterParts {
  readonly sides: readonly Side[];
  readonly dataPath: DataPath;
  readonly first: WeightState;
  readonly persist: (state: WeightState) => Promise<void>;
  readonly running: () => RunningState;
  readonly stop: () => void;
}

/** The router that the control endpoint controls: its sides, weights and figures. */
export class LocalRouter implements ControlledRouter {
  readonly store: WeightStore;
  readonly sideNames: readonly string[];
  readonly #parts: RouterParts;
  #totalsAtChange: readonly SideTotals[];
  #generation: number;

  constructor(parts: RouterParts) {
    this.#parts = parts;
    this.#generation = parts.first.generation;
    this.sideNames = parts.sides.map(({ name }) => name);
    this.#totalsAtChange = parts.sides.map(({ counts }) => counts.totals());
    this.store = new WeightStore(parts.first, parts.persist, (state) => this.#apply(state));
    parts.dataPath.setPreview(parts.first.preview);
  }

  idle(): Promise<void> {
    return this.store.idle();
  }

  weights(): WeightState {
    return this.store.present;
  }

  setWeights(weights: SideWeights, expectedGeneration?: number): Promise<WeightState> {
    return this.store.set(weights, expectedGeneration);
  }

  setPreview(preview: PreviewMatch | undefined): Promise<WeightState> {
    return this.store.setPreview(preview);
  }

  status(): RouterStatus {
    const { sides, dataPath, running } = this.#parts;
    return {
      ...running(),
      ...this.store.present,
      sides: Object.fromEntries(sides.map((side, i) => [side.name, this.#sideStatus(side, this.#totalsAtChange[i])])),
      refused: Object.fromEntries(dataPath.refusals),
      failovers: dataPath.failovers,
    };
  }

  metrics(): string {
    return printMetrics(this.#parts.sides, this.#parts.dataPath, this.store.present);
  }

  async drain(name: string, timeoutMs: number): Promise<DrainAnswer> {
    const side = this.#parts.sides.find((candidate) => candidate.name === name);
    const isDrained = side === undefined || await side.counts.becomesIdle(timeoutMs);
    return { side: name, isDrained, inFlight: side?.counts.inFlight ?? 0 };
  }

  stop(): void {
    this.#parts.stop();
  }

  #apply({ weights, generation, preview }: WeightState): void {
    this.#parts.dataPath.setPreview(preview);
    if (generation === this.#generation) return;
    this.#generation = generation;
    this.#parts.dataPath.setWeights(weights);
    this.#totalsAtChange = this.#parts.sides.map(({ counts }) => counts.totals());
  }

  #sideStatus({ name, origin, counts, health }: Side, atChange: SideTotals | undefined): SideStatus {
    const sinceStart = counts.totals();
    return {
      url: origin.url,
      weight: this.store.present.weights[name] ?? 0,
      health: health.state,
      ...(health.because !== undefined && { healthBecause: health.because }),
      inFlight: counts.inFlight,
      sinceStart,
      sinceWeightChange: atChange === undefined ? sinceStart : subtractTotals(sinceStart, atChange),
    };
  }
}
