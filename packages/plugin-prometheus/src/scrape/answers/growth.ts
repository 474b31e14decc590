import { increasesOf, type SeriesIncrease } from './increase.ts';
import type { Scrape, TargetWindow } from '../targets/target-window.ts';

/** How one target's series grew over the window; or why nobody can know. */
export type Growth =
  { readonly series: readonly SeriesIncrease[]; readonly seconds: number } | { readonly unknown: string };

/** Growth of the series that the question's selector number `index` sees. */
export function growthOf({ target, scrapes }: TargetWindow, index: number): Growth {
  const told = scrapes.filter(({ isBlank }) => !isBlank);
  if (scrapes.at(-1)?.isBlank) return { unknown: `${target} ${scrapes.at(-1)?.sightings[index]?.blind ?? 'answered without a single metric'}.` };
  const seconds = ((told.at(-1)?.at ?? 0) - (told[0]?.at ?? 0)) / 1000;
  if (seconds <= 0) return { unknown: `${target} was read only once in this window; growth needs two looks.` };
  const sightings = told.flatMap((scrape: Scrape) => scrape.sightings[index] ?? []);
  const blind = sightings.at(-1)?.blind;
  const isSeen = sightings.some(({ series }) => series.size > 0);
  if (!isSeen && blind !== undefined) return { unknown: `${target} ${blind}.` };
  return { series: increasesOf(sightings), seconds };
}

export const sumOf = (series: readonly SeriesIncrease[]): number =>
  series.reduce((sum, { increase }) => sum + increase, 0);
