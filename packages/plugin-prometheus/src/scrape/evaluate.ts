import type { Json } from 'relpipe/plugin';
import { seriesKey } from '../exposition/exposition.ts';
import { printSelector, type Selector } from '../selector/selector.ts';
import { bucketsOf, histogramQuantile } from './histogram.ts';
import type { Expression } from './expression.ts';
import { increasesIn, totalIncrease, type SeriesIncrease } from './increase.ts';
import type { TargetWindow } from './scrape-targets.ts';
import type { SelectorMatch, SeriesValue } from './selector-match.ts';

/** One value from the scrapes, before it becomes a measurement. */
interface Result {
  /** Null: no data. */
  readonly value: number | null;
  readonly samples?: number;
  readonly series?: string;
  readonly raw: Json;
  readonly warnings: readonly string[];
}

/** Evaluates an expression over the windows of all targets. */
export function evaluate(expression: Expression, windows: readonly TargetWindow[]): readonly Result[] {
  switch (expression.kind) {
    case 'rate':
      return [rateOf(windows)];
    case 'ratio':
      return [ratioOf(windows, expression.to)];
    case 'quantile':
      return [quantileOf(windows, expression.quantile, expression.histogram)];
    case 'value':
      return valuesOf(windows, expression.of);
  }
}

/** A counter that shows NaN counts nothing. */
const counted = (samples: number): { readonly samples?: number } => (Number.isFinite(samples) ? { samples } : {});

const noData = (reason: string): Result => ({ value: null, raw: null, warnings: [reason] });

/** Per second, each target over the time between its own first and last scrape. */
function rateOf(windows: readonly TargetWindow[]): Result {
  const total = totalIncrease(windows, 0);
  if ('noDataReason' in total) return noData(total.noDataReason);
  const { increase, perSecond } = total;
  return { value: perSecond, ...counted(increase), raw: { increase: jsonNumber(increase) }, warnings: [] };
}

/** Increase divided by increase. Where nothing happened there is no ratio, rather than a good one. */
function ratioOf(windows: readonly TargetWindow[], to: Selector): Result {
  const [of, base] = [totalIncrease(windows, 0), totalIncrease(windows, 1)];
  if ('noDataReason' in base) return noData(base.noDataReason);
  if ('noDataReason' in of) return noData(of.noDataReason);
  const raw = { of: jsonNumber(of.increase), to: jsonNumber(base.increase) };
  if (base.increase === 0) {
    return { value: null, samples: 0, raw, warnings: [`${printSelector(to)} did not increase in this window.`] };
  }
  return { value: of.increase / base.increase, ...counted(base.increase), raw, warnings: [] };
}

/** The quantile of all observations of the window, over all matching series and targets together. */
function quantileOf(windows: readonly TargetWindow[], quantile: number, histogram: string): Result {
  const series: SeriesIncrease[] = [];
  for (const window of windows) {
    const found = increasesIn(window, 0);
    if ('noDataReason' in found) return noData(found.noDataReason);
    series.push(...found.series.map((one) => withTarget(window.target, one)));
  }
  if (series.length === 0) return { ...noData(`${histogram} has no series yet.`), samples: 0 };
  const buckets = bucketsOf(series, histogram);
  const samples = buckets.at(-1)?.count ?? 0;
  const raw = buckets.map(({ upperBound, count }) => ({ le: jsonNumber(upperBound), increase: jsonNumber(count) }));
  return { ...histogramQuantile(quantile, buckets), ...counted(samples), raw };
}

/** Labelled with its target, to tell apart two targets with different buckets. */
const withTarget = (target: string, { labels, increase }: SeriesIncrease): SeriesIncrease => ({
  labels: new Map([...labels, ['instance', target]]),
  increase,
});

/** The current value of every series: where there are several, the engine reduces or refuses them. */
function valuesOf(windows: readonly TargetWindow[], of: Selector): readonly Result[] {
  const empty = windows.find((window) => latestMatch(window).series.size === 0);
  if (empty) return [noData(`${empty.target} ${latestMatch(empty).noMatchReason ?? `has no series ${printSelector(of)}`}.`)];
  const all = windows.flatMap(windows.length > 1 ? seriesWithInstance : seriesIn);
  return all.map(({ labels, value }) => {
    const series = `{${seriesKey(labels)}}`;
    const raw = { series, value: jsonNumber(value) };
    return { value, ...(all.length > 1 && { series }), raw, warnings: [] };
  });
}

const latestMatch = ({ scrapes }: TargetWindow): SelectorMatch => scrapes.at(-1)?.matches[0] ?? { series: new Map() };

const seriesIn = (window: TargetWindow): readonly SeriesValue[] => [...latestMatch(window).series.values()];

/** Prometheus also labels a series with its target as `instance`. */
const seriesWithInstance = (window: TargetWindow): readonly SeriesValue[] =>
  seriesIn(window).map(({ labels, value }) => ({
    labels: new Map([...labels, ['instance', new URL(window.target).host]]),
    value,
  }));

/** JSON has no NaN and no infinity. */
const jsonNumber = (value: number): Json => (Number.isFinite(value) ? value : String(value));
