import { Refusal } from './refusal.ts';

/**
 * Reads the field lines of a head from `from` to the end of `text` and passes each to `onField`
 * (name as written, name in lower case, value without surrounding blanks).
 *
 * Stricter than RFC 9112 section 5 asks a recipient to be: no blank before the colon, no folded line, no bare CR or
 * LF, no control character. Anything that a second parser might read differently is refused, never repaired.
 * @param text latin1; field lines each ended by CRLF, without the empty line
 * @throws Refusal 400
 */
export function readFields(text: string, from: number, onField: (name: string, lowerName: string, value: string) => void): void {
  fieldLine.lastIndex = from;
  while (fieldLine.lastIndex < text.length) {
    const at = fieldLine.lastIndex;
    const match = fieldLine.exec(text);
    if (match === null) throw new Refusal(400, `The header line ${quoteLine(text, at)} is malformed.`);
    const [, name = '', value = ''] = match;
    onField(name, name.toLowerCase(), value);
  }
}

/** A field name, a method and other words of the protocol: RFC 9110 section 5.6.2. */
export const tokenPattern = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";

/**
 * The elements of a comma-separated value in lower case: RFC 9110 section 5.6.1. Only blanks and tabs surround them; `trim` would take
 * more.
 */
export const listElements = (value: string): string[] =>
  value.toLowerCase().split(',').map((element) => element.replace(/^[ \t]+|[ \t]+$/g, '')).filter((element) => element !== '');

// The value starts and ends with a visible character, so that the blanks around it match in one way only.
const visible = '[\\x21-\\x7e\\x80-\\xff]';
const fieldLine = new RegExp(`(${tokenPattern}):[ \\t]*((?:${visible}(?:[\\t\\x20-\\x7e\\x80-\\xff]*${visible})?)?)[ \\t]*\\r\\n`, 'y');

const quoteLine = (text: string, at: number) => JSON.stringify(text.slice(at, at + 40).split('\r\n')[0]);

/** The `connection` field of one message (RFC 9110 section 7.6.1). */
export interface ConnectionOptions {
  readonly isClose: boolean;
  readonly isUpgrade: boolean;
  /** Further fields, in lower case, that end at this hop. */
  readonly named: readonly string[];
}

export const defaultConnectionOptions: ConnectionOptions = { isClose: false, isUpgrade: false, named: [] };

/** @throws Refusal 400 when it would remove a field that frames or addresses the message */
export function readConnectionOptions(value: string): ConnectionOptions {
  const options = listElements(value);
  const removed = options.find((option) => endToEnd.has(option));
  if (removed !== undefined) throw new Refusal(400, `The connection field must not remove ${removed}.`);
  return {
    isClose: options.includes('close'),
    isUpgrade: options.includes('upgrade'),
    named: options.filter((option) => !knownOptions.has(option)),
  };
}

/** `lines` without the fields that the connection field named. */
export function withoutNamed(lines: string, named: readonly string[]): string {
  if (named.length === 0) return lines;
  return lines.split('\r\n').filter((line) => !named.includes(line.slice(0, line.indexOf(':')).toLowerCase())).join('\r\n');
}

/** Fields that never pass this hop, whether the connection field names them or not. */
export const hopByHopFields: ReadonlySet<string> = new Set([
  'connection', 'keep-alive', 'proxy-connection', 'proxy-authorization', 'te', 'upgrade', 'http2-settings',
]);

const knownOptions: ReadonlySet<string> = new Set(['close', 'keep-alive', 'upgrade', ...hopByHopFields]);
const endToEnd: ReadonlySet<string> = new Set([
  'host', 'content-length', 'transfer-encoding', 'content-type', 'authorization', 'cookie',
  'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'via',
]);
