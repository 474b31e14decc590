import { stripVTControlCharacters } from 'node:util';
import type { Json } from '../../contract/index.ts';

/** Text from steps and people without colours, cursor movements and other control characters; tabs become spaces. */
export const plainText = (text: string): string =>
  stripVTControlCharacters(text)
    .replaceAll('\t', '    ')
    // A terminal would overwrite it at the carriage return: it is not worth a line.
    .replace(/^.*\r(?=[^\r\n])/gm, '')
     
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '');

/** The same on one line. */
export const oneLine = (text: string): string => plainText(text.replace(/\s*\r?\n\s*/g, ' ')).trim();

/**
 * The first line of a text that is shown in full elsewhere: `build ended with 1:` and the last output of the build become `build ended with 1`.
 * Where a rollback stopped follows after the last line of the reason, and is kept.
 */
export function headline(text: string): string {
  const [, reason = '', stop = ''] = /^(.*?)(; the rollback stops at .*)?$/s.exec(text) ?? [];
  return oneLine((/^.*\S.*$/m.exec(reason)?.[0] ?? '').replace(/:\s*$/, '') + stop);
}

/** JSON on one line, cut at `length` characters. */
export function jsonText(value: Json, length = 200): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

/** Whether an output is worth a place: not null, and no empty list or object. */
export const saysSomething = (output: Json | undefined): output is Json =>
  output !== undefined && output !== null && (typeof output !== 'object' || Object.keys(output).length > 0);
