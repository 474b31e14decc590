/** Labels of a series. Empty ones are left out: an empty label is an absent one. */
export type Labels = ReadonlyMap<string, string>;

export interface Sample {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
}

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

/** One scrape of one target. */
export interface Exposition {
  /** By family name, as the `TYPE` lines say. */
  readonly families: ReadonlyMap<string, FamilyType>;
  /** By sample name; also for a family that has no series yet. */
  readonly kinds: ReadonlyMap<string, SampleKind>;
  readonly samples: readonly Sample[];
}

export type ExpositionFormat = 'prometheus-text' | 'openmetrics';
