import type { TSchema } from 'typebox';
import type { Json, Secret } from '../contract/index.ts';
import { schemaKeyword } from '../contract/schema-words.ts';
import { relpipeError } from '../errors/relpipe-error.ts';
import { parseQuantity, printQuantity } from '../expressions/quantities/quantity.ts';
import { isSecretReference } from '../expressions/value.ts';
import { assertShape } from './shape-problem.ts';
import { provide } from './points.ts';
import type { SchemaNode } from './schema-node.ts';
import { fitsSchema, scalarFits, type Visitor, walkSchema } from './walk-schema.ts';
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

/** Canonical JSON as a step type works with it: quantities are numbers, secrets are `Secret`s, defaults are there. */
export function decode(schema: TSchema, value: Json, secrets: SecretTexts): unknown {
  const whole = walkSchema(schema, value, filler) as Json;
  assertShape(schema, whole);
  return walkSchema(schema, whole, decoder(secrets));
}

/** What a step type gave as canonical JSON; of its schema, or `REL_VALUE_INVALID`. */
export function encode(schema: TSchema, value: unknown): Json {
  const json = walkSchema(schema, value, encoder) as Json | undefined;
  assertShape(schema, json ?? null);
  return json ?? null;
}

/** Fills defaults in and leaves the rest as it is written. */
const filler: Visitor = {
  fillsDefaults: true,
  fits: (node, value) => fitsSchema(node, value, fitsWritten),
  leaf: (_, value) => (isSecretReference(value as Json) ? { value } : undefined),
};

const decoder = (secrets: SecretTexts): Visitor => ({
  fillsDefaults: false,
  fits: (node, value) => fitsSchema(node, value, fitsWritten),
  leaf(node, value) {
    if (isSecretReference(value as Json)) return { value: secretOf((value as { $secret: string }).$secret, secrets) };
    const kind = node[schemaKeyword];
    if (kind === 'point') return provide(node, value, (schema, settings) => walkSchema(schema, settings, decoder(secrets)));
    if (!isQuantityKind(kind) || typeof value !== 'string') return undefined;
    const parsed = parseQuantity(kind, value);
    return parsed.ok ? { value: parsed.value } : undefined;
  },
});

function secretOf(name: string, secrets: SecretTexts): SecretValue {
  const text = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
  if (text === undefined) throw relpipeError('REL_SECRET_NOT_SET', { name });
  return new SecretValue(name, text);
}

/** How a value is written: quantities with their unit, secrets by name. */
export function fitsWritten(node: SchemaNode, value: unknown): boolean {
  const kind = node[schemaKeyword];
  const isSecret = isSecretReference(value as Json);
  if (isSecret || kind === 'secret') return isSecret && kind === 'secret';
  return isQuantityKind(kind) ? typeof value === 'string' && parseQuantity(kind, value).ok : scalarFits(node, value);
}

const encoder: Visitor = {
  fillsDefaults: false,
  fits: (node, value) => fitsSchema(node, value, fitsWorking),
  leaf(node, value) {
    const kind = node[schemaKeyword];
    if (typeof value === 'object' && value !== null && 'reveal' in value) throw relpipeError('REL_VALUE_INVALID', { problem: 'it holds a secret' });
    if (typeof value === 'bigint' || typeof value === 'function' || (typeof value === 'number' && !Number.isFinite(value))) {
      throw relpipeError('REL_VALUE_INVALID', { problem: `${String(value)} is not JSON` });
    }
    return isQuantityKind(kind) && typeof value === 'number' ? { value: printQuantity(kind, value) } : undefined;
  },
};

/** How a step type has a value: quantities as numbers. */
const fitsWorking = (node: SchemaNode, value: unknown): boolean =>
  isQuantityKind(node[schemaKeyword]) ? typeof value === 'number' : scalarFits(node, value);

/** A secret as a step gets it. Printing it, or turning it into JSON, returns its name. */
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
