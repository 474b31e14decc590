import { metricName, Scanner } from '../text/scanner.ts';
import { printMatcher, readMatcher, type Matcher } from './matcher.ts';

/** Selects series of one metric: `http_requests_total{code=~"5.."}`. */
export interface Selector {
  readonly name: string;
  readonly matchers: readonly Matcher[];
}

/**
 * Reads an instant vector selector as PromQL writes it, with the metric's name in front:
 * `http_requests_total{code=~"5..", method!="get"}`.
 * @throws {ParseError}
 */
export function parseSelector(text: string): Selector {
  const scanner = new Scanner(text);
  scanner.take(blank);
  const name = scanner.require(metricName, 'a metric name');
  scanner.take(blank);
  const matchers = scanner.take(/\{\s*/y) === undefined ? [] : readMatchers(scanner);
  scanner.take(blank);
  refuseExpressions(scanner);
  return { name, matchers };
}

const blank = /\s*/y;

function readMatchers(scanner: Scanner): Matcher[] {
  const matchers: Matcher[] = [];
  while (scanner.take(/\}/y) === undefined) {
    matchers.push(readMatcher(scanner));
    scanner.take(blank);
    if (scanner.take(/,\s*/y) === undefined && scanner.text[scanner.position] !== '}') {
      scanner.require(/\}/y, '`,` or `}`');
    }
  }
  return matchers;
}

function refuseExpressions(scanner: Scanner): void {
  const next = scanner.text[scanner.position];
  if (next === '[') scanner.fail('a range such as `[5m]` is not allowed here: the window is the range');
  if (next === '(') scanner.fail('functions need a Prometheus server: only a metric name and its labels can be selected here');
  scanner.requireEnd('the end of the selector');
}

/** As PromQL writes it, the same string for the same selector. */
export const printSelector = ({ name, matchers }: Selector): string =>
  matchers.length === 0 ? name : `${name}{${matchers.map(printMatcher).join(',')}}`;
