import type { SampleRequest, MeasureContext, Measurement } from 'relpipe/plugin';
import { printSelector } from '../selector/print-selector.ts';
import { answerQuantile } from './answers/answer-quantile.ts';
import { answerRate } from './answers/answer-rate.ts';
import { answerRatio } from './answers/answer-ratio.ts';
import { answerValue } from './answers/answer-value.ts';
import type { Answer } from './answers/answer.ts';
import type { Question } from './question.ts';
import { readQuestion } from './read-question.ts';
import type { ScrapeConfig } from './scrape-config.ts';
import { scrapeTargets } from './targets/scrape-targets.ts';
import type { TargetWindow } from './targets/target-window.ts';

/** Scrapes every target now and answers over what is remembered of the window. */
export async function measureScrape(
  config: ScrapeConfig,
  look: SampleRequest,
  context: MeasureContext,
): Promise<readonly Measurement[]> {
  const question = readQuestion(config);
  const at = context.clock.now();
  const window = { from: look.window.from, length: config.window ?? Infinity };
  const windows = await scrapeTargets(config, question, window, context);
  const query = `${printQuestion(question)} at ${windows.map(({ target }) => target).join(', ')}`;
  const seen = windows.map(({ target, scrapes }) => ({ target, scrapes: scrapes.length, from: scrapes[0]?.at ?? at }));
  return answersTo(question, windows).map(({ raw, ...answer }) => ({
    ...answer,
    at,
    query,
    raw: { answer: raw, seen },
  }));
}

function answersTo(question: Question, windows: readonly TargetWindow[]): readonly Answer[] {
  switch (question.kind) {
    case 'rate':
      return [answerRate(windows)];
    case 'ratio':
      return [answerRatio(windows, question.to)];
    case 'quantile':
      return [answerQuantile(windows, question.quantile, question.histogram)];
    case 'value':
      return answerValue(windows, question.of);
  }
}

/** What was asked, as the nearest PromQL would put it. */
function printQuestion(question: Question): string {
  const of = printSelector(question.of);
  switch (question.kind) {
    case 'rate':
      return `sum(rate(${of}))`;
    case 'ratio':
      return `sum(increase(${of})) / sum(increase(${printSelector(question.to)}))`;
    case 'quantile':
      return `histogram_quantile(${question.quantile}, sum by (le) (increase(${of})))`;
    case 'value':
      return of;
  }
}
