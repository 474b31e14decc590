import type { Unit } from '../../../contract/index.ts';
import { parseQuantity } from '../../../expressions/quantities/quantity.ts';
import type { Limit } from '../../../model/threshold.ts';

export type ParsedLimit =
  | { readonly ok: true; readonly limit: Limit }
  | { readonly ok: false; readonly likely: readonly string[] };

/** How limits of a unit are written, and what one of that measure is in the unit. */
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
export function parseLimit(text: string, unit: Unit): ParsedLimit {
  const [, sign, percent] = signedPercent.exec(text) ?? [];
  if (percent !== undefined) return accepted('relative', ((sign === '-' ? -1 : 1) * Number(percent)) / 100, text);
  const [, above] = points.exec(text) ?? [];
  if (above !== undefined && (unit === 'ratio' || unit === 'percent')) {
    return accepted('points', unit === 'ratio' ? Number(above) / 100 : Number(above), text);
  }
  if (!(unit in measures)) return bare.test(text) ? accepted('absolute', Number(text), text) : { ok: false, likely: /^-?\d+(?:\.\d+)?/.exec(text) ?? [] };
  const { kind, of, examples } = measures[unit as keyof typeof measures];
  const parsed = parseQuantity(kind, text);
  if (parsed.ok) return accepted('absolute', parsed.value * of, text);
  return { ok: false, likely: bare.test(text) ? examples(text) : parsed.likely };
}

const accepted = (kind: Limit['kind'], value: number, text: string): ParsedLimit => ({ ok: true, limit: { kind, value, text } });
