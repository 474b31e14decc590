/** One scrape of one target. */
export interface Exposition {
  /** By family name, from the `TYPE` lines. */
  readonly families: ReadonlyMap<string, FamilyType>;
  /** By sample name; also for a family that has no series yet. */
  readonly kinds: ReadonlyMap<string, SampleKind>;
  readonly samples: readonly Sample[];
}

export type ExpositionFormat = 'prometheus-text' | 'openmetrics';

export const familyTypes = [
  'counter',
  'gauge',
  'histogram',
  'gaugehistogram',
  'summary',
  'stateset',
  'info',
  'untyped',
  'unknown',
] as const;
export type FamilyType = (typeof familyTypes)[number];

/** Whether a series only grows between restarts. */
export type SampleKind = 'counter' | 'gauge' | 'unknown';

export interface Sample {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
}

/** Labels of a series, without empty ones: an empty label is the same as none. */
export type Labels = ReadonlyMap<string, string>;

/** The same string for the same labels, in whatever order they came: `code="200",method="get"`. */
export const seriesKey = (labels: Labels): string =>
  [...labels]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',');

/** A number as Prometheus and OpenMetrics write it (`12`, `1.5e+06`, `NaN`, `+Inf`), or undefined. */
export function parseNumber(text: string): number | undefined {
  if (decimal.test(text)) return Number(text);
  if (notANumber.test(text)) return Number.NaN;
  const sign = infinity.exec(text)?.[1];
  if (sign === undefined) return undefined;
  return sign === '-' ? -Infinity : Infinity;
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const notANumber = /^[+-]?nan$/i;
const infinity = /^([+-]?)inf(inity)?$/i;
