import type { Exposition, Labels, Sample } from '../../exposition/exposition.ts';
import { seriesKey } from '../../exposition/series-key.ts';
import type { Selector } from '../../selector/selector.ts';

export interface SeriesValue {
  readonly labels: Labels;
  readonly value: number;
}

/** What one selector saw in one scrape. */
export interface Sighting {
  readonly series: ReadonlyMap<string, SeriesValue>;
  /** Why it could not have seen anything. Without it an empty sighting is a true zero: nothing of the kind happened yet. */
  readonly blind?: string;
}

/**
 * Looks at a scrape through a selector. A name that is not there and a label that no series has are told apart from a
 * selector that matches nothing yet, because a misspelt one would read as 0 errors for ever.
 */
export function sight(selector: Selector, exposition: Exposition): Sighting {
  const named = exposition.samples.filter(({ name }) => name === selector.name);
  const matching = named.filter(({ labels }) => selector.matchers.every((m) => m.matches(labels.get(m.label) ?? '')));
  const series = new Map(matching.map(({ labels, value }) => [seriesKey(labels), { labels, value }]));
  const blind = series.size === 0 ? whyBlind(selector, named, exposition) : undefined;
  return { series, ...(blind !== undefined && { blind }) };
}

function whyBlind(selector: Selector, named: readonly Sample[], exposition: Exposition): string | undefined {
  if (named.length === 0)
    return exposition.kinds.has(selector.name) ? undefined : `has no metric named ${selector.name}`;
  const missing = selector.matchers.find((m) => !m.matches('') && named.every(({ labels }) => !labels.has(m.label)));
  return missing && `has no series of ${selector.name} with a label ${missing.label}`;
}
