import type { ErrorObject } from 'ajv/dist/2020.js';

interface Branch {
  readonly required?: readonly string[];
  readonly oneOf?: readonly Branch[];
}

/** The keys of which a mapping has exactly one set, when that is what a union says: `rate`, `ratio`, or `control and token`. */
export function alternativesOf({ keyword, schema, data }: ErrorObject): readonly (readonly string[])[] | undefined {
  if (keyword !== 'oneOf' || typeof data !== 'object' || data === null || Array.isArray(data)) return undefined;
  const sets = (schema as readonly Branch[]).flatMap(setsOf);
  return sets.every((keys) => keys.length > 0) ? sets : undefined;
}

function setsOf({ required = [], oneOf }: Branch): readonly (readonly string[])[] {
  return oneOf ? oneOf.flatMap(setsOf).map((keys) => [...required, ...keys]) : [required];
}
