import type { Scanner } from '../text/scanner.ts';
import { labelName } from '../text/names.ts';
import type { Labels } from './exposition.ts';

const blank = /[ \t]*/y;
const escaped = /"(?:[^"\\]|\\.)*"/y;

/** Reads `{name="value",…}`, or nothing where no brace stands. Backslash, quote and line feed are escaped in a value. */
export function readLabels(scanner: Scanner): Labels {
  const labels = new Map<string, string>();
  if (scanner.take(/\{[ \t]*/y) === undefined) return labels;
  const seen = new Set<string>();
  while (scanner.take(/\}/y) === undefined) {
    const [name, value] = readLabel(scanner);
    if (seen.has(name)) scanner.fail(`the label \`${name}\` stands twice`);
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
  scanner.take(blank);
  scanner.require(/=[ \t]*/y, '`=`');
  const quoted = scanner.require(escaped, 'a value in double quotes');
  scanner.take(blank);
  return [name, unescape(quoted.slice(1, -1))];
}

/** An escape that means nothing stays as it is written, as OpenMetrics asks. */
const unescape = (text: string): string =>
  text.replace(/\\([\\"n])/g, (_, letter: string) => (letter === 'n' ? '\n' : letter));
