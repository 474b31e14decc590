import { RE2JS } from 're2js';
import { labelName } from '../text/names.ts';
import type { Scanner } from '../text/scanner.ts';
import { readString } from './read-string.ts';
import type { Matcher, MatchOperator } from './selector.ts';

/**
 * Reads `label=~"pattern"`. A pattern is RE2, has to match the whole value, and its `.` matches a line feed, as in
 * Prometheus 3.
 */
export function readMatcher(scanner: Scanner): Matcher {
  const label = scanner.require(labelName, 'a label name');
  if (label === '__name__')
    scanner.fail('the metric name stands in front of the braces', scanner.position - label.length);
  scanner.take(/\s*/y);
  const operator = readOperator(scanner);
  scanner.take(/\s*/y);
  const position = scanner.position;
  const value = readString(scanner);
  return { label, operator, value, matches: matching(operator, value, (why) => scanner.fail(why, position)) };
}

function readOperator(scanner: Scanner): MatchOperator {
  const found = scanner.require(/=~|!~|!=|=/y, 'one of = != =~ !~');
  return found === '=~' || found === '!~' || found === '!=' ? found : '=';
}

function matching(operator: MatchOperator, value: string, refuse: (why: string) => never): (text: string) => boolean {
  if (operator === '=') return (text) => text === value;
  if (operator === '!=') return (text) => text !== value;
  const pattern = compile(value, refuse);
  return operator === '=~' ? (text) => pattern.matches(text) : (text) => !pattern.matches(text);
}

function compile(value: string, refuse: (why: string) => never): RE2JS {
  try {
    return RE2JS.compile(value, RE2JS.DOTALL);
  } catch (error) {
    return refuse(`\`${value}\` is no regular expression: ${error instanceof Error ? error.message : String(error)}`);
  }
}
