import type { Json } from '../../../contract/index.ts';
import type { Mask } from '../mask-secrets.ts';

/** The name of a secret that stands in the value. Each text is looked at by itself: a secret may contain what JSON escapes. */
export function findSecret(mask: Mask, value: Json): string | undefined {
  if (typeof value !== 'object' || value === null) return mask.find(String(value));
  for (const [name, inside] of Object.entries(value)) {
    const secret = mask.find(name) ?? findSecret(mask, inside);
    if (secret !== undefined) return secret;
  }
  return undefined;
}
