import { StepError } from 'relpipe/plugin';
import { parseSelector, printSelector, type Selector } from '../selector/selector.ts';
import { ParseError } from '../text/scanner.ts';
import { kinds, type ScrapeConfig } from './scrape.ts';

/** What is calculated from the scrapes. */
export type Expression =
  | { readonly kind: 'rate'; readonly of: Selector }
  | { readonly kind: 'ratio'; readonly of: Selector; readonly to: Selector }
  | { readonly kind: 'quantile'; readonly quantile: number; readonly histogram: string; readonly of: Selector }
  | { readonly kind: 'value'; readonly of: Selector };

/** @throws {StepError} `PROMETHEUS_EXPRESSION_AMBIGUOUS` or `PROMETHEUS_SELECTOR_INVALID` */
export function readExpression(config: ScrapeConfig): Expression {
  const { rate, ratio, quantile, of, value } = config;
  if (kinds.filter((kind) => config[kind] !== undefined).length !== 1) throw ambiguous();
  if ((quantile === undefined) !== (of === undefined)) throw ambiguous();
  if (rate !== undefined) return { kind: 'rate', of: selectorIn('rate', rate) };
  if (ratio !== undefined) return { kind: 'ratio', of: selectorIn('ratio.of', ratio.of), to: selectorIn('ratio.to', ratio.to) };
  if (value !== undefined) return { kind: 'value', of: selectorIn('value', value) };
  if (quantile !== undefined && of !== undefined) return quantileOf(quantile, of);
  throw ambiguous();
}

const ambiguous = () =>
  new StepError('PROMETHEUS_EXPRESSION_AMBIGUOUS', 'Set exactly one of `rate`, `ratio`, `quantile` (with `of`) and `value`.', {
    hint: 'For a second value, add a second metric to the gate.',
  });

function quantileOf(quantile: number, of: string): Expression {
  const { name, matchers } = selectorIn('of', of);
  if (name.endsWith('_bucket') || matchers.some(({ label }) => label === 'le')) {
    throw new StepError('PROMETHEUS_SELECTOR_INVALID', `The selector in \`of\` selects single buckets: ${of}`, {
      hint: 'Name the histogram itself, without `_bucket` and without `le`: all its buckets are needed.',
    });
  }
  return { kind: 'quantile', quantile, histogram: name, of: { name: `${name}_bucket`, matchers } };
}

function selectorIn(field: string, text: string): Selector {
  try {
    return parseSelector(text);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const message = `The selector in \`${field}\` is not valid at character ${error.position + 1}: ${error.message}.`;
    throw new StepError('PROMETHEUS_SELECTOR_INVALID', message, { hint: `Correct it: ${text}`, cause: error });
  }
}

/** All series that it needs; nothing else of a scrape is kept. */
export const selectorsOf = (expression: Expression): readonly Selector[] =>
  expression.kind === 'ratio' ? [expression.of, expression.to] : [expression.of];

/** The nearest PromQL. */
export function printExpression(expression: Expression): string {
  const of = printSelector(expression.of);
  switch (expression.kind) {
    case 'rate':
      return `sum(rate(${of}))`;
    case 'ratio':
      return `sum(increase(${of})) / sum(increase(${printSelector(expression.to)}))`;
    case 'quantile':
      return `histogram_quantile(${expression.quantile}, sum by (le) (increase(${of})))`;
    case 'value':
      return of;
  }
}
