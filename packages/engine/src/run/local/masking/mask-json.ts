import type { Json } from '../../../contract/index.ts';
import type { Mask } from './mask-secrets.ts';

/** The same value with every text in it masked, names too. A number that shows a secret becomes a masked text. */
export function maskJson(value: Json, mask: Mask): Json {
  if (typeof value === 'string') return mask.text(value);
  if (typeof value === 'number') return mask.find(String(value)) === undefined ? value : mask.text(String(value));
  if (isList(value)) return value.map((one) => maskJson(one, mask));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [mask.text(name), maskJson(one, mask)]));
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** The name of a secret that is in the value. Each text is searched by itself: a secret may contain what JSON escapes. */
export function findSecret(mask: Mask, value: Json): string | undefined {
  if (typeof value !== 'object' || value === null) return mask.find(String(value));
  for (const [name, inside] of Object.entries(value)) {
    const secret = mask.find(name) ?? findSecret(mask, inside);
    if (secret !== undefined) return secret;
  }
  return undefined;
}
