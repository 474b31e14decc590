import type { ReadContext } from 'relpipe/plugin';
import { readSamples, readServerTime, type Series } from './read-samples.ts';
import type { RequestsSettings } from './requests-settings.ts';

/**
 * Counts the requests of each side from the first scrape after `begin`. Each scraped target has a window of its own, the same for all of
 * its series: what is scraped together is counted together, so that no side is counted for longer than the other one.
 */
export class RequestCounter {
  readonly #settings: RequestsSettings;
  readonly #context: ReadContext;
  /** Seconds, by the clock of Prometheus. */
  #since: number | undefined;
  /** When the window of a target begins. */
  readonly #begins = new Map<string, number>();
  /** What a series had counted by then. */
  readonly #bases = new Map<string, number>();

  constructor(settings: RequestsSettings, context: ReadContext) {
    this.#settings = settings;
    this.#context = context;
  }

  async begin(): Promise<void> {
    this.#begins.clear();
    this.#bases.clear();
    this.#since = await readServerTime(this.#settings, this.#context);
  }

  /** Requests by the values of the label; nothing until a target was scraped twice. */
  async count(): Promise<Readonly<Record<string, number>>> {
    if (this.#since === undefined) await this.begin();
    const all = await readSamples(this.#settings, this.#context);
    for (const series of all) this.#mark(series, this.#since ?? 0);
    const counts: Record<string, number> = {};
    for (const series of all) {
      const side = series.labels[this.#settings.label] ?? '';
      counts[side] = (counts[side] ?? 0) + this.#growthOf(series);
    }
    return counts;
  }

  #mark({ labels, samples }: Series, since: number): void {
    const first = samples.find(([at]) => at >= since)?.[0];
    const known = this.#begins.get(targetOf(labels));
    if (first !== undefined && (known === undefined || first < known)) this.#begins.set(targetOf(labels), first);
  }

  /** A series that was not there at the beginning began at 0; one that has fallen began anew. */
  #growthOf({ labels, samples }: Series): number {
    const begin = this.#begins.get(targetOf(labels));
    if (begin === undefined) return 0;
    const key = JSON.stringify(labels);
    const base = this.#bases.get(key) ?? samples.find(([at]) => at === begin)?.[1] ?? 0;
    this.#bases.set(key, base);
    const last = samples.findLast(([at]) => at >= begin)?.[1] ?? base;
    return last >= base ? last - base : last;
  }
}

/** What is scraped at once. */
const targetOf = ({ job = '', instance = '', pod = '' }: Readonly<Record<string, string>>): string => JSON.stringify([job, instance, pod]);
