import type { TSchema } from 'typebox';
import type { Json } from '../../../contract/index.ts';

/** Values by name; nothing but a step's own configuration and the mask may see them. */
export type SecretTexts = Readonly<Record<string, string>>;

/** Between what is recorded (canonical JSON) and what a step type works with (numbers for quantities, `Secret`s for their names). */
export interface Codec {
  /** Throws when the value does not have the schema's shape, or a secret has no value. */
  decode(schema: TSchema, value: Json, secrets: SecretTexts): unknown;
  /** Throws when the value does not have the schema's shape. */
  encode(schema: TSchema, value: unknown): Json;
}
