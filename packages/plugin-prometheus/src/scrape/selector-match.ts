import { seriesKey, type Exposition, type Labels, type Sample } from '../exposition/exposition.ts';
import type { Selector } from '../selector/selector.ts';

export interface SeriesValue {
  readonly labels: Labels;
  readonly value: number;
}

/** The series of one scrape that one selector matches. */
export interface SelectorMatch {
  readonly series: ReadonlyMap<string, SeriesValue>;
  /** Why it could not match anything. Without it an empty match is a true zero: nothing of the kind has happened yet. */
  readonly noMatchReason?: string;
}

/**
 * Applies a selector to a scrape. A metric that does not exist and a label that no series has are told apart from a
 * selector that matches nothing yet, because a misspelt one would read as 0 errors for ever.
 */
export function matchSelector(selector: Selector, exposition: Exposition): SelectorMatch {
  const named = exposition.samples.filter(({ name }) => name === selector.name);
  const matching = named.filter(({ labels }) => selector.matchers.every((m) => m.matches(labels.get(m.label) ?? '')));
  const series = new Map(matching.map(({ labels, value }) => [seriesKey(labels), { labels, value }]));
  const reason = series.size === 0 ? noMatchReason(selector, named, exposition) : undefined;
  return { series, ...(reason !== undefined && { noMatchReason: reason }) };
}

function noMatchReason(selector: Selector, named: readonly Sample[], exposition: Exposition): string | undefined {
  if (named.length === 0) return exposition.kinds.has(selector.name) ? undefined : `has no metric named ${selector.name}${familyNote(selector.name, exposition)}`;
  const missing = selector.matchers.find((m) => !m.matches('') && named.every(({ labels }) => !labels.has(m.label)));
  return missing && `has no series of ${selector.name} with a label ${missing.label}`;
}

/** A family is there, and its samples have other names: `http_seconds` is a histogram of `http_seconds_count` and others. */
function familyNote(name: string, { families, kinds }: Exposition): string {
  const type = families.get(name);
  if (type === undefined) return '';
  const samples = [...kinds.keys()].filter((sample) => sample.startsWith(`${name}_`));
  return `: it is a ${type}, whose series are named ${samples.join(', ')}`;
}
