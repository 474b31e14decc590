import type { Sighting } from './sighting.ts';

/** One scrape of one target, reduced to what the question's selectors saw, in their order. */
export interface Scrape {
  /** When the request began, in milliseconds since the epoch. */
  readonly at: number;
  readonly sightings: readonly Sighting[];
  /** The target answered without a single sample: a gap, and not the end of every counter. */
  readonly isBlank?: true;
}

/** The scrapes of one target within the window, oldest first; the last one is the present. */
export interface TargetWindow {
  readonly target: string;
  readonly scrapes: readonly Scrape[];
}
