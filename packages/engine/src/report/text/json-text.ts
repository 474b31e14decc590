import type { Json } from '../../contract/index.ts';

/** JSON on one line, cut at `length` characters. */
export function jsonText(value: Json, length = 200): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
