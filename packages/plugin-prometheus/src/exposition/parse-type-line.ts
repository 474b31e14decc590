import { metricName, Scanner } from '../text/scanner.ts';
import { familyTypes, type ExpositionFormat, type FamilyType, type SampleKind } from './exposition.ts';

/**
 * Reads `# TYPE family type`; undefined for any other comment: `HELP` and `UNIT` decide nothing here.
 * @throws {ParseError}
 */
export function parseTypeLine(line: string): { family: string; type: FamilyType } | undefined {
  const scanner = new Scanner(line);
  if (scanner.take(/[ \t]*#[ \t]*TYPE[ \t]+/y) === undefined) return undefined;
  const family = scanner.require(metricName, 'a metric name');
  scanner.require(/[ \t]+/y, 'a type');
  const word = scanner.require(/[^ \t]+/y, 'a type');
  scanner.take(/[ \t]+/y);
  scanner.requireEnd('the end of the line');
  const type = familyTypes.find((known) => known === word);
  return type ? { family, type } : scanner.fail(`\`${word}\` is not a metric type`);
}

/** The names of the samples in a family, and the kind of each. */
export const sampleKinds = (family: string, type: FamilyType, format: ExpositionFormat): [string, SampleKind][] =>
  Object.entries(suffixes(type, format)).map(([suffix, kind]) => [family + suffix, kind]);

function suffixes(type: FamilyType, format: ExpositionFormat): Readonly<Record<string, SampleKind>> {
  switch (type) {
    case 'counter':
      // In OpenMetrics a family is named without the suffix of its samples.
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
