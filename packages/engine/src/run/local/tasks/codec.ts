import type { TSchema } from 'typebox';
import type { Json } from '../../../contract/index.ts';

/** Between what is recorded (canonical JSON) and what a step type works with (numbers for quantities, `Secret`s for their names). */
export interface Codec {
  /** Throws when the value does not have the schema's shape, or a secret has no value. */
  decode(schema: TSchema, value: Json, secrets: Readonly<Record<string, string>>): unknown;
  /** Throws when the value does not have the schema's shape. */
  encode(schema: TSchema, value: unknown): Json;
}
