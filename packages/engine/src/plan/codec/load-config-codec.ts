import type { TSchema } from 'typebox';
import type { Json } from '../../contract/index.ts';

/** Between canonical JSON, as plans and facts hold it, and what step types work with. */
export interface ConfigCodec {
  /**
   * Defaults filled in, quantities as numbers, `{ $secret }` as a `Secret`. Throws `REL_VALUE_INVALID` for another shape,
   * `REL_SECRET_NOT_SET`.
   */
  decode(schema: TSchema, value: Json, secrets: Readonly<Record<string, string>>): unknown;
  /** The reverse, for outputs and states. Throws `REL_VALUE_INVALID`. */
  encode(schema: TSchema, value: unknown): Json;
}

/** Brings the schema compiler in (50 ms): for what runs steps. */
export const loadConfigCodec = async (): Promise<ConfigCodec> => {
  const { decode, encode } = await import('./decode.ts');
  return { decode, encode };
};
