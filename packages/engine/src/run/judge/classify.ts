import type { Unit } from '../../contract/index.ts';
import type { PlanMetric } from '../../plan/plan.ts';
import { counted } from '../../util/phrases.ts';
import { boundsOf, limitValue, type Bound } from './limits.ts';
import { reduceSeries, type Sample, type SeriesValue } from './sample.ts';
import { quantityText, textsApart } from './texts.ts';

/** What a single sample is by itself, without the samples before it. */
export interface Classification {
  readonly kind:
    | 'ok'
    | 'warn'
    | 'breach'
    | 'critical'
    | 'no-data'
    | 'not-a-number'
    | 'too-few-samples'
    | 'no-baseline'
    | 'several-series'
    | 'partial'
    | 'error';
  /** Continues the metric's name: `is 7.3 %, above critical 5 %`. */
  readonly text: string;
  /** What is missing from the answer, where the metric accepts that. */
  readonly missing?: string;
}

/** Whether a number could be compared with its limits. */
export const hasValue = ({ kind }: Pick<Classification, 'kind'>): boolean =>
  kind === 'ok' || kind === 'warn' || kind === 'breach' || kind === 'critical';

export function classify(metric: PlanMetric, sample: Sample): Classification {
  if (sample.error !== undefined) return { kind: 'error', text: `could not be measured: ${sample.error}` };
  const missing = missingFrom(sample);
  if (missing === undefined) return classifyWhole(metric, sample);
  if (metric.partial !== 'accept') return { kind: 'partial', text: `has a partial answer: ${missing}` };
  return { ...classifyWhole(metric, sample), missing };
}

/** What the servers say is missing, of either side: a part may look better than the whole, and worse. */
function missingFrom({ candidate, baseline }: Sample): string | undefined {
  const said = new Set([...candidate, ...baseline].flatMap(({ partial }) => partial ?? []));
  return said.size === 0 ? undefined : [...said].join(', ');
}

function classifyWhole(metric: PlanMetric, sample: Sample): Classification {
  const seen = usableValue(metric, sample.candidate);
  if (!('value' in seen)) return seen;
  const baseline = baselineOf(metric, sample);
  const known = typeof baseline === 'number' ? baseline : undefined;
  const bounds = boundsOf(metric);
  const crossed = bounds.map((bound) => crossing(metric, bound, seen.value, known)).find((found) => found !== undefined);
  if (crossed && crossed.kind !== 'warn') return crossed;
  const missing = bounds.map(({ limit }) => limitValue(limit, seen.value, known)).find((limit) => 'missing' in limit);
  if (missing && 'missing' in missing) return typeof baseline === 'object' ? baseline : noBaseline(missing.missing);
  return crossed ?? { kind: 'ok', text: `is ${quantityText(seen.value, metric.unit)}, ${limitsText(metric, bounds)}` };
}

/** NaN is found before anything is compared: it is neither above nor below any limit. */
function usableValue(metric: PlanMetric, seen: readonly SeriesValue[]): { readonly value: number } | Classification {
  const reduced = reduceSeries(seen, metric.reduce);
  if ('severalSeries' in reduced) return severalSeries(reduced.severalSeries);
  const { value, samples } = reduced;
  if (value === null) return { kind: 'no-data', text: 'has no value' };
  if (!Number.isFinite(value)) return { kind: 'not-a-number', text: `is ${value}, which cannot be compared` };
  if (metric.unit === 'ratio' && !isRatio(value))
    return { kind: 'error', text: `is ${value}, and a ratio is between 0 and 1: a query that returns percent needs \`unit: percent\`` };
  if (metric.minSamples === undefined || (samples !== undefined && samples >= metric.minSamples)) return { value };
  const rests = samples === undefined ? 'does not report its number of samples' : `has only ${counted(samples, 'sample')}`;
  return { kind: 'too-few-samples', text: `${rests}; at least ${metric.minSamples} are required` };
}

/** A quotient of sums of floating-point numbers may exceed its limits by a few units of the last place. */
const isRatio = (value: number): boolean => value >= -1e-9 && value <= 1 + 1e-9;

/** The number, why there is none, or nothing where no limit asks for it. */
function baselineOf(metric: PlanMetric, sample: Sample): number | Classification | undefined {
  if (metric.baseline === undefined) return undefined;
  if (sample.baselineError !== undefined) return { kind: 'error', text: `has a baseline that could not be measured: ${sample.baselineError}` };
  const seen = usableValue(metric, sample.baseline);
  if ('value' in seen) return seen.value;
  return seen.kind === 'several-series'
    ? { ...seen, text: `has a baseline that ${seen.text}` }
    : noBaseline(`the baseline ${seen.text}`);
}

function crossing(metric: PlanMetric, bound: Bound, value: number, baseline: number | undefined): Classification | undefined {
  const limit = limitValue(bound.limit, value, baseline);
  if ('missing' in limit) return undefined;
  const isCrossed = bound.crossed === 'above' ? value > limit.value : value < limit.value;
  if (!isCrossed) return undefined;
  const kind = bound.word === 'min' || bound.word === 'max' ? 'breach' : bound.word;
  if (metric.unit === 'yes-no') return { kind, text: `is ${quantityText(value, metric.unit)}` };
  const [valueText, limitText] = textsApart(value, limit.value, metric.unit);
  const isRelated = bound.limit.kind !== 'absolute' && baseline !== undefined;
  const against = isRelated ? `${bound.limit.text} of the baseline ${quantityText(baseline, metric.unit)}` : limitText;
  const amount = isRelated && baseline !== 0 ? ` (${limitText})` : '';
  return { kind, text: `is ${valueText}, ${bound.crossed} ${bound.word} ${against}${amount}` };
}

const noBaseline = (why: string): Classification => ({ kind: 'no-baseline', text: `cannot be compared: ${why}` });

const severalSeries = (names: readonly string[]): Classification => ({
  kind: 'several-series',
  text: `returned ${names.length} series (${listed(names)}): narrow the query to one, or set reduce: sum, avg, min or max`,
});

const listed = (names: readonly string[]): string =>
  names.length > 5 ? `${names.slice(0, 5).join(', ')}, …` : names.join(', ');

const limitsText = ({ unit }: PlanMetric, bounds: readonly Bound[]): string =>
  unit === 'yes-no' ? 'as expected' : bounds.length === 0 ? 'with all limits against stable, which has no traffic' : `within ${bounds.map((bound) => limitText(unit, bound)).join(', ')}`;

const limitText = (unit: Unit, { word, limit }: Bound): string =>
  `${word} ${limit.kind === 'absolute' ? quantityText(limit.value, unit) : limit.text}`;
