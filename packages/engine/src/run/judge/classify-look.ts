import type { Unit } from '../../contract/index.ts';
import type { PlanMetric } from '../../plan/plan.ts';
import { boundsOf, type Bound } from './bounds.ts';
import { limitValue } from './limit-value.ts';
import type { MetricLook, Seen } from './metric-look.ts';
import { quantityText, textsApart } from './quantity-text.ts';
import { reduceSeries } from './reduce-series.ts';

/** What a single look says by itself, without the looks before it. */
export interface LookFinding {
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
    | 'error';
  /** Goes on after the metric's name: `is 7.3 %, above critical 5 %`. */
  readonly says: string;
}

/** Whether a number could be compared with its limits. */
export const hasValue = ({ kind }: Pick<LookFinding, 'kind'>): boolean =>
  kind === 'ok' || kind === 'warn' || kind === 'breach' || kind === 'critical';

export function classifyLook(metric: PlanMetric, look: MetricLook): LookFinding {
  if (look.error !== undefined) return { kind: 'error', says: `could not be measured: ${look.error}` };
  const seen = usableValue(metric, look.candidate);
  if (!('value' in seen)) return seen;
  const baseline = baselineOf(metric, look);
  const known = typeof baseline === 'number' ? baseline : undefined;
  const bounds = boundsOf(metric);
  const crossed = bounds.map((bound) => crossing(metric, bound, seen.value, known)).find((found) => found !== undefined);
  if (crossed && crossed.kind !== 'warn') return crossed;
  const missing = bounds.map(({ limit }) => limitValue(limit, seen.value, known)).find((limit) => 'missing' in limit);
  if (missing && 'missing' in missing) return typeof baseline === 'object' ? baseline : noBaseline(missing.missing);
  return crossed ?? { kind: 'ok', says: `is ${quantityText(seen.value, metric.unit)}, ${limitsText(metric, bounds)}` };
}

/** NaN is found before anything is compared: it is neither above nor below any limit. */
function usableValue(metric: PlanMetric, seen: readonly Seen[]): { readonly value: number } | LookFinding {
  const reduced = reduceSeries(seen, metric.reduce);
  if ('severalSeries' in reduced) return severalSeries(reduced.severalSeries);
  const { value, samples } = reduced;
  if (value === null) return { kind: 'no-data', says: 'has no value' };
  if (!Number.isFinite(value)) return { kind: 'not-a-number', says: `is ${value}, which is no number to compare` };
  if (metric.minSamples === undefined || (samples !== undefined && samples >= metric.minSamples)) return { value };
  const rests = samples === undefined ? 'does not say how many samples it rests on' : `rests on ${samples} samples`;
  return { kind: 'too-few-samples', says: `${rests}, and at least ${metric.minSamples} are needed` };
}

/** The number, why there is none, or nothing where no limit asks for it. */
function baselineOf(metric: PlanMetric, look: MetricLook): number | LookFinding | undefined {
  if (metric.baseline === undefined) return undefined;
  if (look.baselineError !== undefined) return { kind: 'error', says: `has a baseline that could not be measured: ${look.baselineError}` };
  const seen = usableValue(metric, look.baseline);
  if ('value' in seen) return seen.value;
  return seen.kind === 'several-series'
    ? { ...seen, says: `has a baseline that ${seen.says}` }
    : noBaseline(`the baseline ${seen.says}`);
}

function crossing(metric: PlanMetric, bound: Bound, value: number, baseline: number | undefined): LookFinding | undefined {
  const limit = limitValue(bound.limit, value, baseline);
  if ('missing' in limit) return undefined;
  const isCrossed = bound.crossed === 'above' ? value > limit.value : value < limit.value;
  if (!isCrossed) return undefined;
  const kind = bound.word === 'min' || bound.word === 'max' ? 'breach' : bound.word;
  if (metric.unit === 'yes-no') return { kind, says: `is ${quantityText(value, metric.unit)}` };
  const [valueText, limitText] = textsApart(value, limit.value, metric.unit);
  const isRelated = bound.limit.kind !== 'absolute' && baseline !== undefined;
  const against = isRelated ? `${bound.limit.text} of the baseline ${quantityText(baseline, metric.unit)}` : limitText;
  const amount = isRelated && baseline !== 0 ? ` (${limitText})` : '';
  return { kind, says: `is ${valueText}, ${bound.crossed} ${bound.word} ${against}${amount}` };
}

const noBaseline = (why: string): LookFinding => ({ kind: 'no-baseline', says: `cannot be compared: ${why}` });

const severalSeries = (names: readonly string[]): LookFinding => ({
  kind: 'several-series',
  says: `gives ${names.length} series (${listed(names)}): narrow the query to one, or write reduce: sum, avg, min or max`,
});

const listed = (names: readonly string[]): string =>
  names.length > 5 ? `${names.slice(0, 5).join(', ')}, …` : names.join(', ');

const limitsText = ({ unit }: PlanMetric, bounds: readonly Bound[]): string =>
  unit === 'yes-no' ? 'as wanted' : `within ${bounds.map((bound) => limitText(unit, bound)).join(', ')}`;

const limitText = (unit: Unit, { word, limit }: Bound): string =>
  `${word} ${limit.kind === 'absolute' ? quantityText(limit.value, unit) : limit.text}`;
