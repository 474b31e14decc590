import type { TSchema } from 'typebox';
import type { Json, Secret } from '../contract/index.ts';
import { schemaKeyword } from '../contract/schema-words.ts';
import { relpipeError } from '../errors/relpipe-error.ts';
import { parseQuantity, printQuantity } from '../expressions/quantities/quantity.ts';
import { reservedKeyProblem } from '../expressions/reserved-keys.ts';
import { isSecretReference, type SecretReference } from '../expressions/value.ts';
import { fits } from './fits.ts';
import { provide } from './points.ts';
import type { SchemaNode } from './schema-node.ts';
import { assertShape } from './shape-problem.ts';
import { type Visitor, visitSchema } from './visit-schema.ts';
import { isQuantityKind } from './written-form.ts';

/** The values of secrets by name; only the configuration of a step and the mask may hold them. */
export type SecretTexts = Readonly<Record<string, string>>;

/** Converts between canonical JSON, as plans and facts hold it, and the values that step types work with. */
export interface Codec {
  /**
   * Returns quantities as numbers, `{ $secret }` as a `Secret`, and fills in defaults. Throws `REL_VALUE_INVALID` for a value of another
   * shape, and `REL_SECRET_NOT_SET`.
   */
  decode(schema: TSchema, value: Json, secrets: SecretTexts): unknown;
  /** The reverse, for outputs and states. Throws `REL_VALUE_INVALID`. */
  encode(schema: TSchema, value: unknown): Json;
}

export const decode: Codec['decode'] = (schema, value, secrets) => {
  const whole = visitSchema(schema, value, filler) as Json;
  assertShape(schema, whole);
  return visitSchema(schema, whole, decoder(secrets));
};

export const encode: Codec['encode'] = (schema, value) => {
  const json = (visitSchema(schema, value, encoder) ?? null) as Json;
  const problem = reservedKeyProblem(json);
  if (problem !== undefined) throw relpipeError('REL_VALUE_INVALID', { problem });
  assertShape(schema, json);
  return json;
};

const isOfWritten = (node: SchemaNode, value: unknown): boolean => fits(node, value, { special: fitsWritten });

/** Fills defaults in and leaves the rest as it is written. */
const filler: Visitor = {
  fillsDefaults: true,
  fits: isOfWritten,
  visit: (_, value) => (isSecretReference(value as Json) ? { value } : undefined),
};

const decoder = (secrets: SecretTexts): Visitor => ({
  fillsDefaults: false,
  fits: isOfWritten,
  visit(node, value) {
    if (isSecretReference(value as Json)) return { value: secretOf(value as SecretReference, secrets) };
    if (node[schemaKeyword] === 'point') return provide(node, value, (schema, settings) => visitSchema(schema, settings, decoder(secrets)));
    return quantityOf(node, value);
  },
});

/** Decides about values as a plan holds them: quantities with their unit, secrets by name. */
export function fitsWritten(node: SchemaNode, value: unknown): boolean | undefined {
  const kind = node[schemaKeyword];
  if (kind === 'secret') return isSecretReference(value as Json);
  return isQuantityKind(kind) ? typeof value === 'string' && parseQuantity(kind, value).ok : undefined;
}

/** The number of a quantity that is written as the schema says; undefined for any other value. */
export function quantityOf(node: SchemaNode, value: unknown): { readonly value: number } | undefined {
  const kind = node[schemaKeyword];
  if (!isQuantityKind(kind) || typeof value !== 'string') return undefined;
  const parsed = parseQuantity(kind, value);
  return parsed.ok ? { value: parsed.value } : undefined;
}

/** The reverse: a number as the schema wants it to be written. */
export function writtenQuantity(node: SchemaNode, value: unknown): { readonly value: string } | undefined {
  const kind = node[schemaKeyword];
  return isQuantityKind(kind) && typeof value === 'number' ? { value: printQuantity(kind, value) } : undefined;
}

function secretOf({ $secret: name }: SecretReference, secrets: SecretTexts): SecretValue {
  const text = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
  if (text === undefined) throw relpipeError('REL_SECRET_NOT_SET', { name });
  return new SecretValue(name, text);
}

const encoder: Visitor = {
  fillsDefaults: false,
  fits: (node, value) => fits(node, value, { special: fitsWorking }),
  visit(node, value) {
    if (isSecret(value)) throw relpipeError('REL_VALUE_INVALID', { problem: 'it holds a secret' });
    if (typeof value === 'bigint' || typeof value === 'function' || (typeof value === 'number' && !Number.isFinite(value))) {
      throw relpipeError('REL_VALUE_INVALID', { problem: `${String(value)} is not JSON` });
    }
    return writtenQuantity(node, value);
  },
};

/** Decides about values as a step type has them: quantities as numbers. */
const fitsWorking = (node: SchemaNode, value: unknown): boolean | undefined =>
  isQuantityKind(node[schemaKeyword]) ? typeof value === 'number' : undefined;

/** Whether a value is a secret as a step gets it, and not data with the same keys. */
export const isSecret = (value: unknown): value is Secret =>
  typeof value === 'object' && value !== null && 'reveal' in value && typeof value.reveal === 'function';

/** A secret as a step gets it. Printing it, or turning it into JSON, shows its name. */
export class SecretValue implements Secret {
  readonly secret: string;
  readonly #text: string;

  constructor(secret: string, text: string) {
    this.secret = secret;
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return `secret ${this.secret}`;
  }
}
