import type { Unit } from '../../../contract/index.ts';
import { parseQuantity } from '../../../expressions/quantities/quantity.ts';
import type { Path } from '../../../load/raw-pipeline.ts';
import { type Limit, type LimitName, limitNames, type Threshold } from '../../../model/threshold.ts';
import type { MetricShape } from '../../shapes/gate-shape.ts';
import type { ValidationContext } from '../../validation-context.ts';
import { readDuration } from '../read-quantity.ts';

/** Only a number needs a limit: each no of a yes/no metric is a breach, without any threshold. */
export function readThreshold(
  written: MetricShape['threshold'],
  unit: Unit,
  hasBaseline: boolean,
  path: Path,
  context: ValidationContext,
): Threshold {
  const threshold = written ?? {};
  const read: Limits = {};
  for (const key of limitNames) {
    const limit = threshold[key];
    if (limit !== undefined && unit === 'yes-no') {
      context.report('REL_LIMIT_NOT_APPLICABLE', { key }, context.raw.placeOfKey([...path, key]));
    } else if (limit !== undefined) read[key] = readLimit(limit, unit, hasBaseline, [...path, key], context);
  }
  const { violations } = threshold;
  if (unit !== 'yes-no') checkOrder(read, path, context);
  return {
    ...read,
    ...(threshold.for !== undefined && { forMs: readDuration(String(threshold.for), [...path, 'for'], context) }),
    ...(violations && {
      violations: {
        moreThan: violations['more-than'],
        withinMs: readDuration(String(violations.within), [...path, 'violations', 'within'], context),
      },
    }),
  };
}

type Limits = Partial<Record<LimitName, Limit>>;

/**
 * `warn` and `critical` are on the side of `min` or `max`; with both, they may be on either side. Only limits of the same kind can be
 * compared.
 */
function checkOrder(read: Limits, path: Path, context: ValidationContext): void {
  const { min, max } = read;
  const side =
    min && !max
      ? ([
          ['critical', 'min'],
          ['min', 'warn'],
        ] as const)
      : ([
          ['warn', 'max'],
          ['max', 'critical'],
        ] as const);
  const pairs = min && max ? ([['min', 'max']] as const) : side;
  for (const [low, high] of pairs) {
    const [lower, upper] = [read[low], read[high]];
    if (!lower || !upper || lower.kind !== upper.kind || lower.value <= upper.value) continue;
    context.report('REL_LIMITS_OUT_OF_ORDER', { low, lower: lower.text, high, upper: upper.text }, [...path, high]);
  }
}

/** A limit of a threshold in the metric's own unit. */
function readLimit(written: string | number, unit: Unit, hasBaseline: boolean, path: Path, context: ValidationContext): Limit {
  const text = context.raw.sourceTextOf(path)?.replace(/^(["'])(.*)\1$/, '$2') ?? String(written);
  const parsed = parseLimit(text, unit);
  if (!parsed.ok && text.includes('${{')) context.report('REL_LITERAL_REQUIRED', { key: String(path.at(-1)), kind: 'limit' }, path);
  else if (!parsed.ok) context.report('REL_LIMIT_INVALID', { text, unit, likely: parsed.likely }, path);
  if (!parsed.ok) return { kind: 'absolute', value: 0, text };
  if (parsed.limit.kind !== 'absolute' && !hasBaseline) context.report('REL_BASELINE_MISSING', { text }, path);
  return parsed.limit;
}

type ParsedLimit = { readonly ok: true; readonly limit: Limit } | { readonly ok: false; readonly likely: readonly string[] };

/** The written form of the limits of each unit, and the factor from what is written to the unit. */
const measures = {
  ratio: { kind: 'percent', of: 0.01, examples: (n: string) => [`${n}%`, `${Number((Number(n) * 100).toPrecision(12))}%`] },
  percent: { kind: 'percent', of: 1, examples: (n: string) => [`${n}%`] },
  seconds: { kind: 'duration', of: 0.001, examples: (n: string) => [`${n}ms`, `${n}s`] },
  milliseconds: { kind: 'duration', of: 1, examples: (n: string) => [`${n}ms`, `${n}s`] },
  bytes: { kind: 'size', of: 1, examples: (n: string) => [`${n}B`, `${n}MiB`] },
} as const;

const signedPercent = /^([+-])(\d+(?:\.\d+)?)%$/;
const points = /^(\d+(?:\.\d+)?)pp$/;
const bare = /^-?\d+(?:\.\d+)?$/;

/** `300ms`, `1%`, `512MiB`, a bare number for plain counts, `+10%` of the baseline, `0.1pp` above it. */
function parseLimit(text: string, unit: Unit): ParsedLimit {
  const [, direction, percent] = signedPercent.exec(text) ?? [];
  if (percent !== undefined) return accepted('relative', ((direction === '-' ? -1 : 1) * Number(percent)) / 100, text);
  const [, above] = points.exec(text) ?? [];
  if (above !== undefined && (unit === 'ratio' || unit === 'percent')) {
    return accepted('points', unit === 'ratio' ? Number(above) / 100 : Number(above), text);
  }
  if (!(unit in measures)) {
    return bare.test(text) ? accepted('absolute', Number(text), text) : { ok: false, likely: /^-?\d+(?:\.\d+)?/.exec(text) ?? [] };
  }
  const { kind, of, examples } = measures[unit as keyof typeof measures];
  const parsed = parseQuantity(kind, text);
  if (parsed.ok) return accepted('absolute', parsed.value * of, text);
  return { ok: false, likely: bare.test(text) ? examples(text) : parsed.likely };
}

const accepted = (kind: Limit['kind'], value: number, text: string): ParsedLimit => ({ ok: true, limit: { kind, value, text } });
