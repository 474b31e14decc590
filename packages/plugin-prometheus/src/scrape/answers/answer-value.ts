import { seriesKey } from '../../exposition/series-key.ts';
import { printSelector } from '../../selector/print-selector.ts';
import type { Selector } from '../../selector/selector.ts';
import { jsonNumber, noData, type Answer } from './answer.ts';
import type { SeriesValue, Sighting } from '../targets/sighting.ts';
import type { TargetWindow } from '../targets/target-window.ts';

/** The present value of every series: where there are several, the engine reduces or refuses them. */
export function answerValue(windows: readonly TargetWindow[], of: Selector): readonly Answer[] {
  const empty = windows.find((window) => presentOf(window).series.size === 0);
  if (empty) {
    return [noData(`${empty.target} ${presentOf(empty).blind ?? `has no series ${printSelector(of)}`}.`)];
  }
  const seen = windows.flatMap(windows.length > 1 ? seriesWithInstance : seriesIn);
  return seen.map(({ labels, value }) => {
    const series = `{${seriesKey(labels)}}`;
    const raw = { series, value: jsonNumber(value) };
    return { value, ...(seen.length > 1 && { series }), raw, warnings: [] };
  });
}

const presentOf = ({ scrapes }: TargetWindow): Sighting => scrapes.at(-1)?.sightings[0] ?? { series: new Map() };

const seriesIn = (window: TargetWindow): readonly SeriesValue[] => [...presentOf(window).series.values()];

/** `instance` is what Prometheus, too, calls the target a series came from. */
const seriesWithInstance = (window: TargetWindow): readonly SeriesValue[] =>
  seriesIn(window).map(({ labels, value }) => ({
    labels: new Map([...labels, ['instance', new URL(window.target).host]]),
    value,
  }));
