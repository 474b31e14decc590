import { StepError } from 'relpipe/plugin';
import { readMatcher } from '../selector/read-matcher.ts';
import type { Matcher } from '../selector/selector.ts';
import { ParseError } from '../text/parse-error.ts';
import { Scanner } from '../text/scanner.ts';

/**
 * Reads matchers of alerts, one a text, as `amtool` and PromQL write them: `severity=~"critical|page"`.
 * @throws {StepError} `PROMETHEUS_MATCHER_INVALID`
 */
export const parseMatchers = (texts: readonly string[]): readonly Matcher[] => texts.map(parseMatcher);

function parseMatcher(text: string): Matcher {
  const scanner = new Scanner(text);
  try {
    scanner.take(/\s*/y);
    const matcher = readMatcher(scanner);
    scanner.take(/\s*/y);
    scanner.requireEnd('the end of the matcher');
    return matcher;
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const message = `The matcher \`${text}\` is wrong at character ${error.position + 1}: ${error.message}.`;
    throw new StepError('PROMETHEUS_MATCHER_INVALID', message, { hint: 'Write it as alertname="ApiDown".', cause: error });
  }
}
