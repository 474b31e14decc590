import type { Selector } from '../selector/selector.ts';

/** What a scrape is read for. */
export type Question =
  | { readonly kind: 'rate'; readonly of: Selector }
  | { readonly kind: 'ratio'; readonly of: Selector; readonly to: Selector }
  | { readonly kind: 'quantile'; readonly quantile: number; readonly histogram: string; readonly of: Selector }
  | { readonly kind: 'value'; readonly of: Selector };

/** All series it needs; a scrape keeps nothing else. */
export const selectorsOf = (question: Question): readonly Selector[] =>
  question.kind === 'ratio' ? [question.of, question.to] : [question.of];
