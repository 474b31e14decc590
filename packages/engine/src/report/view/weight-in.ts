import type { Json } from '../../contract/index.ts';

/** The traffic weight an output speaks of, 0..100: a field `weight`, as a number or as text like `10%`. */
export function weightIn(output: Json | undefined): number | undefined {
  if (typeof output !== 'object' || output === null || !('weight' in output)) return undefined;
  const { weight } = output;
  if (typeof weight === 'number') return weight;
  const percent = typeof weight === 'string' ? /^(\d+(?:\.\d+)?)\s*%$/.exec(weight)?.[1] : undefined;
  return percent === undefined ? undefined : Number(percent);
}
