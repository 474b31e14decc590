import type { Labels } from '../exposition/exposition.ts';
import type { TargetWindow } from './scrape-targets.ts';
import type { SelectorMatch } from './selector-match.ts';

interface NoData {
  readonly noDataReason: string;
}

/** Over all targets. When the increase of one target is unknown the total is unknown: a part is not the whole. */
export function totalIncrease(
  windows: readonly TargetWindow[],
  index: number,
): { readonly increase: number; readonly perSecond: number } | NoData {
  let increase = 0;
  let perSecond = 0;
  for (const window of windows) {
    const found = increasesIn(window, index);
    if ('noDataReason' in found) return found;
    const sum = found.series.reduce((total, one) => total + one.increase, 0);
    increase += sum;
    perSecond += sum / found.seconds;
  }
  return { increase, perSecond };
}

/** The increases of one target's series over its window, for the expression's selector number `index`; or why they are unknown. */
export function increasesIn(
  { target, scrapes }: TargetWindow,
  index: number,
): { readonly series: readonly SeriesIncrease[]; readonly seconds: number } | NoData {
  const last = scrapes.at(-1);
  if (last?.isEmpty) return { noDataReason: `${target} ${last.matches[index]?.noMatchReason ?? 'returned no metrics'}.` };
  const filled = scrapes.filter(({ isEmpty }) => !isEmpty);
  const seconds = ((filled.at(-1)?.at ?? 0) - (filled[0]?.at ?? 0)) / 1000;
  if (seconds <= 0) return { noDataReason: `${target} was scraped only once in this window; an increase needs two scrapes.` };
  const matches = filled.flatMap((scrape) => scrape.matches[index] ?? []);
  const reason = matches.at(-1)?.noMatchReason;
  const hasMatched = matches.some(({ series }) => series.size > 0);
  if (!hasMatched && reason !== undefined) return { noDataReason: `${target} ${reason}.` };
  return { series: increasesOf(matches), seconds };
}

export interface SeriesIncrease {
  readonly labels: Labels;
  readonly increase: number;
}

/** The increase of each series over the matches of one selector, oldest first. */
function increasesOf(matches: readonly SelectorMatch[]): readonly SeriesIncrease[] {
  const labels = new Map(matches.flatMap(({ series }) => [...series].map(([key, one]) => [key, one.labels])));
  return [...labels].map(([key, found]) => ({
    labels: found,
    increase: increaseOf(matches.map(({ series }) => series.get(key)?.value)),
  }));
}

/**
 * The exact increase of a counter between the first and the last scrape, restarts included: a value below the previous one
 * counts from 0, as in Prometheus' `increase`. Unlike there nothing is extrapolated to the ends of the window: the window
 * starts at a weight change, and increases from before it must not be guessed into it; and `min-samples` counts whole requests.
 *
 * A series that is missing counts as 0. Before it appears, because the first error of a release creates its series, and must
 * not be lost for want of a previous value; later on, because a counter only disappears when its process ends.
 */
export function increaseOf(values: readonly (number | undefined)[]): number {
  const [first = 0, ...later] = values;
  let last = first;
  let increase = 0;
  for (const value of later.map((found) => found ?? 0)) {
    increase += value < last ? value : value - last;
    last = value;
  }
  return increase;
}
