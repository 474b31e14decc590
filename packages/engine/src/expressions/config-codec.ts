import type { TSchema } from 'typebox';
import type { Json, Secret } from '../contract/index.ts';
import type { PlannedValue } from './codec/planned-value.ts';
import type { Value } from './value.ts';

/** Gives the secret of a name, as a step sees it. */
export type Secrets = (name: string) => Secret;

/** Between canonical JSON, as plans and facts hold it, and what step types work with: quantities are numbers there. */
export interface ConfigCodec {
  /** Defaults filled in, quantities as numbers, `{ $secret }` as a `Secret`. Throws `REL_VALUE_WRONG`. */
  decode(schema: TSchema, value: Json, secrets: Secrets): unknown;
  /** The reverse, for outputs and states. Throws `REL_VALUE_WRONG`. */
  encode(schema: TSchema, value: unknown): Json;
  /** As `decode`, before the run: what is not known yet is `Later`. */
  decodePlanned(schema: TSchema, value: Value): PlannedValue;
  /** The reverse of `decodePlanned`, for the children of a composite. Throws `REL_VALUE_WRONG`. */
  encodePlanned(schema: TSchema, value: unknown): Value;
}
