import type { Json } from '../../contract/index.ts';

/** The traffic weight in an output, 0..100: a field `weight`, as a number or as text like `10%`. */
export const weightIn = (output: Json | undefined): number | undefined => percentIn(output, 'weight');

/** The weight before the change, which a rollback restores: a field `previous` beside `weight`. */
export const previousWeightIn = (output: Json | undefined): number | undefined =>
  weightIn(output) === undefined ? undefined : percentIn(output, 'previous');

function percentIn(output: Json | undefined, field: string): number | undefined {
  if (typeof output !== 'object' || output === null || Array.isArray(output)) return undefined;
  const value = (output as Readonly<Record<string, Json>>)[field];
  if (typeof value === 'number') return value;
  const percent = typeof value === 'string' ? /^(\d+(?:\.\d+)?)\s*%$/.exec(value)?.[1] : undefined;
  return percent === undefined ? undefined : Number(percent);
}
