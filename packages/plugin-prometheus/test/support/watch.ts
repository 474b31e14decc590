import { virtualContext } from '@relpipe/testing/step-context';
import type { Measurement } from 'relpipe/plugin';
import { scrape, type ScrapeConfig } from '../../src/scrape/scrape.ts';

export interface Watch {
  /** Measures as the engine does at every interval: now, back to the last weight change. */
  sample(): Promise<readonly Measurement[]>;
  /** Samples, and returns the only measurement. */
  one(): Promise<Measurement>;
  pass(ms: number): void;
  changeWeight(): void;
}

/** Watches one `prometheus.scrape` metric on a virtual clock. */
export function watch(config: ScrapeConfig): Watch {
  const context = virtualContext();
  let from = context.clock.now();
  const sample = () => {
    const now = context.clock.now();
    return scrape.measure(config, { window: { from, to: now }, at: [now] }, context);
  };
  return {
    sample,
    async one() {
      const [measurement, ...others] = await sample();
      if (!measurement || others.length > 0) throw new Error('not one measurement');
      return measurement;
    },
    pass: context.pass,
    changeWeight: () => void (from = context.clock.now()),
  };
}
