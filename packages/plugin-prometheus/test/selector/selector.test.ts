import { expect, test } from 'vitest';
import { parseSelector, printSelector } from '../../src/selector/selector.ts';
import { ParseError } from '../../src/text/scanner.ts';

const accepts = (selector: string, labels: Record<string, string>) =>
  parseSelector(selector).matchers.every(({ label, matches }) => matches(labels[label] ?? ''));
const positionOf = (selector: string): number | undefined => {
  try {
    parseSelector(selector);
  } catch (error) {
    if (error instanceof ParseError) return error.position;
    throw error;
  }
  return undefined;
};

test('a name alone, empty braces and a trailing comma are valid selectors', () => {
  expect(parseSelector('up')).toEqual({ name: 'up', matchers: [] });
  expect(parseSelector(' up {} ').matchers).toEqual([]);
  expect(parseSelector('a:b { c = "d", }').matchers).toMatchObject([{ label: 'c', operator: '=', value: 'd' }]);
});

test.each([
  ['x{code="500"}', { code: '500' }, true],
  ['x{code="500"}', { code: '200' }, false],
  ['x{code!="500"}', {}, true],
  ['x{code=""}', {}, true],
  ['x{code=~"5.."}', { code: '503' }, true],
  ['x{code=~"5.."}', { code: '5031' }, false],
  ['x{code=~"5|50"}', { code: '50' }, true],
  ['x{code=~"0"}', { code: '500' }, false],
  ['x{code!~"5.."}', { code: '503' }, false],
  ['x{code!~"5.."}', { code: '200' }, true],
  ['x{code=~"5..",method!="get"}', { code: '500', method: 'get' }, false],
  ['x{a=~".+"}', { a: 'one\ntwo' }, true],
  ['x{a=~"(?i)ABC"}', { a: 'abc' }, true],
  [String.raw`x{a=~"\\d+"}`, { a: '12' }, true],
  ['x{a=~`\\d+`}', { a: '12' }, true],
  [String.raw`x{a='it\'s "\u00e9" \x41\t'}`, { a: 'it\'s "é" A\t' }, true],
])('whether the selector %s matches the labels %j is %s', (selector, labels, expected) => {
  expect(accepts(selector, labels)).toBe(expected);
});

test('a pattern on which a backtracking engine would hang is evaluated at once', () => {
  expect(accepts('x{a=~"(a+)+b"}', { a: 'a'.repeat(5000) })).toBe(false);
});

test.each([
  ['', 0, 'expected a metric name'],
  ['{code="500"}', 0, 'expected a metric name'],
  ['x{code}', 6, 'expected one of = != =~ !~'],
  ['x{code=500}', 7, 'expected a value in quotes'],
  ['x{code="500}', 12, 'this value has no closing quote'],
  ['x{code="500"', 12, 'expected `,` or `}`'],
  ['x{code="1" b="2"}', 11, 'expected `,` or `}`'],
  [String.raw`x{a=~"\d+"}`, 6, 'unknown escape'],
  ['x{a=~"("}', 5, 'is not a valid regular expression'],
  [String.raw`x{a=~"(\\w)\\1"}`, 5, 'is not a valid regular expression'],
  ['x{__name__="y"}', 2, 'the metric name goes in front'],
  ['x[5m]', 1, 'a range such as `[5m]` is not allowed here'],
  ['rate(x[5m])', 4, 'functions need a Prometheus server'],
  ['x / y', 2, 'expected the end of the selector'],
])('the selector %s is refused at position %i', (selector, position, why) => {
  expect(() => parseSelector(selector)).toThrow(why);
  expect(positionOf(selector)).toBe(position);
});

test('a selector that is printed and parsed again is the same', () => {
  const selector = String.raw`x{a=~"\\d+",b!="\""}`;
  expect(printSelector(parseSelector(selector))).toBe(selector);
});
