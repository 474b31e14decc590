import { labelName, metricName, Scanner } from '../text/scanner.ts';
import { parseNumber, type Labels, type Sample } from './exposition.ts';

/** A sample with its timestamp, in the unit of its format: it only serves to tell two points apart. */
export interface TimedSample extends Sample {
  readonly timestamp: number | undefined;
}

/**
 * Reads `name{labels} value [timestamp] [# exemplar]`. The exemplar is checked and left out.
 * @throws {ParseError}
 */
export function parseSample(line: string): TimedSample {
  const scanner = new Scanner(line);
  scanner.take(blanks);
  const name = scanner.require(metricName, 'a metric name');
  scanner.take(blanks);
  const labels = readLabels(scanner);
  const value = readNumber(scanner, 'a value');
  const timestamp = readTimestamp(scanner);
  skipExemplar(scanner);
  scanner.requireEnd('the end of the line');
  return { name, labels, value, timestamp };
}

const blanks = /[ \t]*/y;
const word = /[^ \t#]+/y;
const escaped = /"(?:[^"\\]|\\.)*"/y;

/** Reads `{name="value",…}`; without a brace there are no labels. Backslash, quote and line feed are escaped in a value. */
function readLabels(scanner: Scanner): Labels {
  const labels = new Map<string, string>();
  if (scanner.take(/\{[ \t]*/y) === undefined) return labels;
  const seen = new Set<string>();
  while (scanner.take(/\}/y) === undefined) {
    const [name, value] = readLabel(scanner);
    if (seen.has(name)) scanner.fail(`duplicate label \`${name}\``);
    seen.add(name);
    if (value !== '') labels.set(name, value);
    if (scanner.take(/,[ \t]*/y) === undefined && scanner.text[scanner.position] !== '}') {
      scanner.require(/\}/y, '`,` or `}`');
    }
  }
  return labels;
}

function readLabel(scanner: Scanner): [string, string] {
  const name = scanner.require(labelName, 'a label name');
  scanner.take(blanks);
  scanner.require(/=[ \t]*/y, '`=`');
  const quoted = scanner.require(escaped, 'a value in double quotes');
  scanner.take(blanks);
  return [name, unescape(quoted.slice(1, -1))];
}

/** An unknown escape stays as it is written, as OpenMetrics requires. */
const unescape = (text: string): string =>
  text.replace(/\\([\\"n])/g, (_, character: string) => (character === 'n' ? '\n' : character));

function readNumber(scanner: Scanner, expected: string): number {
  scanner.take(blanks);
  const position = scanner.position;
  const text = scanner.require(word, expected);
  scanner.take(blanks);
  return parseNumber(text) ?? scanner.fail(`expected ${expected}, found \`${text}\``, position);
}

const readTimestamp = (scanner: Scanner): number | undefined =>
  scanner.isAtEnd || scanner.text[scanner.position] === '#' ? undefined : readNumber(scanner, 'a timestamp');

function skipExemplar(scanner: Scanner): void {
  if (scanner.take(/#[ \t]*/y) === undefined) return;
  if (scanner.text[scanner.position] !== '{') scanner.require(/\{/y, 'the labels of an exemplar');
  readLabels(scanner);
  readNumber(scanner, 'the value of an exemplar');
  readTimestamp(scanner);
}
