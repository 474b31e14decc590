import { Type } from 'relpipe/plugin';

/** The field of a `with` that says which alerts are meant. */
export const matchersConfig = (description: string) =>
  Type.Array(Type.String({ minLength: 1 }), { minItems: 1, uniqueItems: true, description });
