import type { Labels } from '../../exposition/exposition.ts';
import type { Sighting } from '../targets/sighting.ts';

export interface SeriesIncrease {
  readonly labels: Labels;
  readonly increase: number;
}

/** By how much each series grew over what one selector saw, oldest first. */
export function increasesOf(sightings: readonly Sighting[]): readonly SeriesIncrease[] {
  const labels = new Map(sightings.flatMap(({ series }) => [...series].map(([key, seen]) => [key, seen.labels])));
  return [...labels].map(([key, found]) => ({
    labels: found,
    increase: increaseOf(sightings.map(({ series }) => series.get(key)?.value)),
  }));
}

/**
 * The exact increase of a counter between the first and the last look, restarts included: a value below the one before it
 * counts from 0, as in Prometheus' `increase`. Unlike there nothing is extrapolated to the ends of the window: the window
 * begins at a weight change, and what was before it must not be guessed into it; and `min-samples` counts whole requests.
 *
 * A series that is absent stands at 0. Before it is there, because the first error of a release makes its series, and must
 * not be lost for want of a former value; later on, because a counter only vanishes when its process ends.
 */
export function increaseOf(values: readonly (number | undefined)[]): number {
  const [first = 0, ...later] = values;
  let last = first;
  let increase = 0;
  for (const value of later.map((seen) => seen ?? 0)) {
    increase += value < last ? value : value - last;
    last = value;
  }
  return increase;
}
