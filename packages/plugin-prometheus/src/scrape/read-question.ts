import { StepError } from 'relpipe/plugin';
import { parseSelector } from '../selector/parse-selector.ts';
import type { Selector } from '../selector/selector.ts';
import { ParseError } from '../text/parse-error.ts';
import type { Question } from './question.ts';
import { kinds, type ScrapeConfig } from './scrape-config.ts';

/** @throws {StepError} `PROMETHEUS_QUESTION_UNCLEAR` or `PROMETHEUS_SELECTOR_INVALID` */
export function readQuestion(config: ScrapeConfig): Question {
  const { rate, ratio, quantile, of, value } = config;
  if (kinds.filter((kind) => config[kind] !== undefined).length !== 1) throw unclear();
  if ((quantile === undefined) !== (of === undefined)) throw unclear();
  if (rate !== undefined) return { kind: 'rate', of: selectorIn('rate', rate) };
  if (ratio !== undefined)
    return { kind: 'ratio', of: selectorIn('ratio.of', ratio.of), to: selectorIn('ratio.to', ratio.to) };
  if (value !== undefined) return { kind: 'value', of: selectorIn('value', value) };
  if (quantile !== undefined && of !== undefined) return quantileQuestion(quantile, of);
  throw unclear();
}

const unclear = () =>
  new StepError(
    'PROMETHEUS_QUESTION_UNCLEAR',
    'It has to be exactly one of rate, ratio, quantile (with of) and value.',
    { hint: 'Keep one of them; another one is another metric of the gate.' },
  );

function quantileQuestion(quantile: number, of: string): Question {
  const { name, matchers } = selectorIn('of', of);
  if (name.endsWith('_bucket') || matchers.some(({ label }) => label === 'le')) {
    throw new StepError('PROMETHEUS_SELECTOR_INVALID', `The selector in \`of\` picks buckets: ${of}`, {
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
    const message = `The selector in \`${field}\` is wrong at character ${error.position + 1}: ${error.message}.`;
    throw new StepError('PROMETHEUS_SELECTOR_INVALID', message, { hint: `It reads: ${text}`, cause: error });
  }
}
