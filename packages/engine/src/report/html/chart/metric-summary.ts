import type { PlanMetric } from '../../../plan/plan.ts';
import { counted } from '../../../util/phrases.ts';
import { durationText } from '../../text/duration-text.ts';
import { quantityText } from '../../../run/judge/quantity-text.ts';
import type { Series } from './metric-series.ts';
import type { ChartTime } from './plot.ts';

/** A metric in one sentence: what it is held against, how often it was looked at, its extremes, and where nothing was seen. */
export function metricSummary(metric: PlanMetric, series: readonly Series[], time: ChartTime, thinned: boolean): string {
  const candidates = series.filter(({ side }) => side === 'candidate');
  const samples = candidates.flatMap(({ stretches }) => stretches.flat());
  const gaps = candidates.flatMap((one) => one.gaps);
  const missed = (kind: string): number => gaps.filter((gap) => gap.kind === kind).reduce((sum, gap) => sum + gap.looks, 0);
  const highest = samples.reduce<(typeof samples)[number] | undefined>((top, one) => (top && top.value >= one.value ? top : one), undefined);
  return [
    counted(samples.length, 'value'),
    ...(highest && metric.unit !== 'yes-no' ? [`highest ${quantityText(highest.value, metric.unit)} at ${time.clock.near(highest.at, time.from)}`] : []),
    ...(metric.unit === 'yes-no' ? [`${counted(samples.filter(({ value }) => value !== 1).length, 'time')} no`] : []),
    ...(missed('no-data') > 0 ? [`${counted(missed('no-data'), 'look')} without data`] : []),
    ...(missed('error') > 0 ? [`${counted(missed('error'), 'look')} that could not ask`] : []),
    ...ruleTexts(metric),
    ...(thinned ? ['drawn with the lowest and highest value of each pixel'] : []),
  ].join(' · ');
}

const ruleTexts = ({ threshold, reduce, shadow }: PlanMetric): readonly string[] => [
  ...(threshold.forMs === undefined ? [] : [`fails after ${durationText(threshold.forMs)} beyond its limit`]),
  ...(threshold.violations === undefined ? [] : [violationsText(threshold.violations)]),
  ...(reduce === undefined ? [] : [`${reduce} of its series`]),
  ...(shadow ? ['recorded only, decides nothing'] : []),
];

const violationsText = ({ moreThan, withinMs }: { readonly moreThan: number; readonly withinMs: number }): string =>
  `fails at more than ${moreThan} violations within ${durationText(withinMs)}`;
