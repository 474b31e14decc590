import { metricName } from '../text/names.ts';
import { Scanner } from '../text/scanner.ts';
import type { Sample } from './exposition.ts';
import { parseNumber } from './parse-number.ts';
import { readLabels } from './read-labels.ts';

/** A sample with the time the target gave it, in the format's own unit: only good for telling two points apart. */
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
