import { RE2JS } from 're2js';
import { StepError } from 'relpipe/plugin';
import { messageOf } from 'relpipe/plugin/toolkit';
import { labelName, ParseError, Scanner } from '../text/scanner.ts';
import { readString } from './read-string.ts';

export interface Matcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
  /** The value of a label that is missing is the empty string. */
  readonly matches: (value: string) => boolean;
}

/**
 * Reads the matchers of alerts as `amtool` and PromQL write them, each from its own string: `severity=~"critical|page"`.
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
    const message = `The matcher \`${text}\` is not valid at character ${error.position + 1}: ${error.message}.`;
    throw new StepError('PROMETHEUS_MATCHER_INVALID', message, { hint: 'Write it like alertname="ApiDown".', cause: error });
  }
}

/**
 * Reads `label=~"pattern"`. A pattern is RE2, has to match the whole value, and its `.` matches a line feed, as in
 * Prometheus 3.
 * @throws {ParseError}
 */
export function readMatcher(scanner: Scanner): Matcher {
  const label = scanner.require(labelName, 'a label name');
  if (label === '__name__') scanner.fail('the metric name goes in front of the braces', scanner.position - label.length);
  scanner.take(/\s*/y);
  const operator = readOperator(scanner);
  scanner.take(/\s*/y);
  const position = scanner.position;
  const value = readString(scanner);
  return { label, operator, value, matches: matching(operator, value, (why) => scanner.fail(why, position)) };
}

function readOperator(scanner: Scanner): Matcher['operator'] {
  const found = scanner.require(/=~|!~|!=|=/y, 'one of = != =~ !~');
  return found === '=~' || found === '!~' || found === '!=' ? found : '=';
}

function matching(operator: Matcher['operator'], value: string, refuse: (why: string) => never): Matcher['matches'] {
  if (operator === '=') return (found) => found === value;
  if (operator === '!=') return (found) => found !== value;
  const pattern = compile(value, refuse);
  return operator === '=~' ? (found) => pattern.matches(found) : (found) => !pattern.matches(found);
}

function compile(value: string, refuse: (why: string) => never): RE2JS {
  try {
    return RE2JS.compile(value, RE2JS.DOTALL);
  } catch (error) {
    return refuse(`\`${value}\` is not a valid regular expression: ${messageOf(error)}`);
  }
}

/** As PromQL writes it. */
export const printMatcher = ({ label, operator, value }: Matcher): string => `${label}${operator}${JSON.stringify(value)}`;
