import type { ExpositionFormat, FamilyType, SampleKind } from './exposition.ts';

/** The sample names a family gives rise to, and the kind of each. */
export const sampleKinds = (family: string, type: FamilyType, format: ExpositionFormat): [string, SampleKind][] =>
  Object.entries(suffixes(type, format)).map(([suffix, kind]) => [family + suffix, kind]);

function suffixes(type: FamilyType, format: ExpositionFormat): Readonly<Record<string, SampleKind>> {
  switch (type) {
    case 'counter':
      // OpenMetrics names the family without the suffix that its samples carry.
      return format === 'openmetrics' ? { _total: 'counter' } : { '': 'counter' };
    case 'histogram':
      return { _bucket: 'counter', _count: 'counter', _sum: 'counter' };
    case 'gaugehistogram':
      return { _bucket: 'gauge', _gcount: 'gauge', _gsum: 'gauge' };
    case 'summary':
      return { '': 'gauge', _count: 'counter', _sum: 'counter' };
    case 'info':
      return { _info: 'gauge' };
    case 'gauge':
    case 'stateset':
      return { '': 'gauge' };
    case 'untyped':
    case 'unknown':
      return { '': 'unknown' };
  }
}
