import type { Scanner } from '../text/scanner.ts';

/**
 * Reads a PromQL string: in double or single quotes with Go's escapes, or in backquotes without escapes
 * (https://prometheus.io/docs/prometheus/latest/querying/basics/#string-literals).
 * @throws {ParseError}
 */
export function readString(scanner: Scanner): string {
  const raw = scanner.take(/`[^`]*`/y);
  if (raw !== undefined) return raw.slice(1, -1);
  const quote = scanner.require(/["']/y, 'a value in quotes');
  let text = '';
  while (scanner.take(quote === '"' ? /"/y : /'/y) === undefined) text += readPart(scanner);
  return text;
}

function readPart(scanner: Scanner): string {
  const plain = scanner.take(/[^"'\\\n]+/y) ?? scanner.take(/["']/y);
  if (plain !== undefined) return plain;
  const escape = scanner.take(/\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[abfnrtv\\"'])/y);
  if (escape !== undefined) return unescape(escape, scanner);
  if (scanner.text[scanner.position] !== '\\') scanner.fail('this value has no closing quote');
  return scanner.fail('unknown escape; write `\\\\` for a backslash, e.g. `"\\\\d+"`');
}

const controls: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

function unescape(escape: string, scanner: Scanner): string {
  const kind = escape.charAt(1);
  if (!/[xuU]/.test(kind)) return controls[kind] ?? kind;
  const code = Number.parseInt(escape.slice(2), 16);
  return code <= 0x10ffff
    ? String.fromCodePoint(code)
    : scanner.fail('this is not a Unicode character', scanner.position - escape.length);
}
