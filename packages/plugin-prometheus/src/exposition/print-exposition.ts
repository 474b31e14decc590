import { parseNumber } from './exposition.ts';

/** Metrics of one name as they are printed. */
export interface Family {
  readonly name: string;
  readonly type: string;
  readonly help?: string;
  readonly samples: readonly {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    /** As Prometheus writes numbers. */
    readonly value: string;
  }[];
}

/**
 * The text format (https://prometheus.io/docs/instrumenting/exposition_formats/), the same text for the same metrics: families are sorted
 * by name, samples by labels. Empty labels are left out: an empty label is the same as none.
 */
export const printExposition = (families: readonly Family[]): string =>
  families
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(printFamily)
    .join('');

function printFamily({ name, type, help, samples }: Family): string {
  const about = help === undefined || help === '' ? [] : [`# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`];
  return [...about, `# TYPE ${name} ${type}`, ...samples.map(printSample).toSorted(), ''].join('\n');
}

function printSample({ name, labels, value }: Family['samples'][number]): string {
  const pairs = Object.entries(labels)
    .filter(([, text]) => text !== '')
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, text]) => `${label}="${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${printNumber(parseNumber(value) ?? Number.NaN)}`;
}

const printNumber = (value: number): string => {
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
};
